"""The workers, from bookkeeper to sealer: each leads alone, or stands by until it may."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial

from ledger.assembly import bookkeeper, clock, fetcher
from ledger.providers.problems import ProviderProblem
from ledger.providers.stripe.fees import Fees
from ledger.providers.stripe.snapshots import Snapshots
from ledger.reactions.worker import ReactionWorker
from ledger.sealing.keys import needed_seal_key
from ledger.sealing.sealer import Sealer
from ledger.sealing.store import SealOvertaken
from ledger.settings import Settings
from ledger.store.errors import PositionMoved
from ledger.store.leadership import Leadership, Mandate
from ledger.store.waker import Waker
from projections.generations import Moved
from projections.projector import FIRST_PAUSE_SECONDS, UNREACHABLE, Projector
from projections.queries import Queries
from projections.upgrading import bring_up

TAKE_OVER_SECONDS = 0.25
OVERTAKEN = (Moved, PositionMoved, SealOvertaken)

_log = logging.getLogger(__name__)


def keep_books(settings: Settings, url: str, stop: threading.Event) -> None:
    """Deliveries into the Ledger, until `stop` is set."""
    with (
        closing(bookkeeper(settings, url)) as keeper,
        closing(Waker(url, settings.names.inbox)) as waker,
    ):
        keeper.run(waker, stop)


def fetch(settings: Settings, url: str, stop: threading.Event) -> None:
    """What thin events leave out into the Inbox, until `stop` is set."""
    with closing(fetcher(settings, url, Snapshots)) as found:
        found.run(stop)


def fetch_fees(settings: Settings, url: str, stop: threading.Event) -> None:
    """What payments cost into the Inbox, until `stop` is set."""
    with closing(fetcher(settings, url, Fees)) as found:
        found.run(stop)


def project(settings: Settings, url: str, stop: threading.Event) -> None:
    """The Ledger into the tables, until `stop` is set."""
    _bring_up(settings, url, stop)
    with (
        closing(Projector(url, settings.names)) as projector,
        closing(Waker(url, settings.names.ledger)) as waker,
    ):
        projector.run(waker, stop)


def _bring_up(settings: Settings, url: str, stop: threading.Event) -> None:
    """Tables of this release's columns; a database out of reach is waited for."""
    while not stop.is_set():
        try:
            bring_up(url, settings.names, stop)
            return
        except UNREACHABLE as problem:
            _log.warning("the projector waits for the database: %s", problem)
            stop.wait(FIRST_PAUSE_SECONDS)


def seal(settings: Settings, url: str, stop: threading.Event) -> None:
    """What all logs hold into seals, until `stop` is set."""
    with closing(Sealer(url, settings, needed_seal_key(settings), clock)) as sealer:
        sealer.run(stop)


def react(settings: Settings, url: str, stop: threading.Event) -> None:
    """What the Ledger calls for out into the world, until `stop` is set."""
    with (
        closing(ReactionWorker(settings, url, clock)) as reacting,
        closing(Waker(url, settings.names.ledger)) as waker,
    ):
        reacting.run(waker, stop)


Worker = Callable[[Settings, str, threading.Event], None]

WORKERS: Mapping[str, Worker] = {
    "bookkeeper": keep_books,
    "fetcher": fetch,
    "fees": fetch_fees,
    "projector": project,
    "reactor": react,
    "sealer": seal,
}
"""In the order of the way a delivery goes; the sealer looks at what has settled."""

ERRANDS: Mapping[str, type[Snapshots] | type[Fees]] = {"fetcher": Snapshots, "fees": Fees}
"""The workers that ask Stripe, and what for: each waits for it alone."""


def needed(settings: Settings) -> tuple[str, ...]:
    """The workers there should be: nothing is fetched or sealed without the key for it.

    Nobody reacts where there is nothing to be done.
    """
    asked_for = {
        "fetcher": bool(settings.secret_key),
        "fees": settings.fetches_fees,
        "reactor": settings.reacting.reacts,
        "sealer": settings.sealing.has_key,
    }
    return tuple(name for name in WORKERS if asked_for.get(name, True))


def leadership(settings: Settings, url: str, name: str) -> Leadership:
    """The lead of one worker over the schemas it writes."""
    names = settings.names
    written = {"projector": names.projections, "reactor": names.reactions}
    return Leadership(url, f"{name} of {written.get(name, names.ledger)}")


def lead(settings: Settings, url: str, name: str, stop: threading.Event) -> None:
    """Run a worker while it leads, and stand by while another one does, until `stop` is set."""
    lead = leadership(settings, url, name)
    try:
        while lead.acquire(stop=stop):
            _log.info("the %s leads", name)
            try:
                WORKERS[name](settings, url, Mandate(lead, stop))
            except OVERTAKEN as overtaken:
                _log.warning("the %s stands by: %s", name, overtaken)
                lead.release()
    finally:
        lead.release()


def run_until_idle(settings: Settings, url: str) -> None:
    """Work everything off here, or wait until the workers that lead elsewhere have.

    Raises, when all else is done, the first ProviderProblem that kept a fetcher from its end.
    """
    turn = partial(_take_turn, settings, url)
    with (
        closing(bookkeeper(settings, url)) as books,
        closing(Projector(url, settings.names)) as tables,
    ):
        turn("bookkeeper", books.run_until_idle, "waiting_deliveries")
        problems = _fetch_until_idle(settings, url)
        turn("bookkeeper", books.run_until_idle, "waiting_deliveries")
        problems += _fetch_until_idle(settings, url)  # they pass over what they fetched
        turn("bookkeeper", books.run_until_idle, "waiting_deliveries")
        turn("projector", partial(_fold_all, tables, settings, url), "lag_events")
    react_until_idle(settings, url)
    if problems:
        raise problems[0]


def _take_turn(settings: Settings, url: str, name: str, work: Callable[[], int], left: str) -> None:
    lead = leadership(settings, url, name)
    with closing(Queries(url, settings.names)) as queries:
        while not lead.acquire(timeout=TAKE_OVER_SECONDS):
            if not queries.freshness()[left]:
                return
    try:
        work()
    finally:
        lead.release()


def _fold_all(tables: Projector, settings: Settings, url: str) -> int:
    bring_up(url, settings.names)
    return tables.run_until_idle()


def _fetch_until_idle(settings: Settings, url: str) -> list[ProviderProblem]:
    """Fetches what it can here; who leads elsewhere is at it and is not waited for."""
    problems = []
    for name in needed(settings):
        lead = leadership(settings, url, name)
        if name in ERRANDS and lead.acquire(timeout=TAKE_OVER_SECONDS):
            try:
                with closing(fetcher(settings, url, ERRANDS[name])) as found:
                    found.run_until_idle()
            except ProviderProblem as problem:
                problems.append(problem)
            finally:
                lead.release()
    return problems


def react_until_idle(settings: Settings, url: str) -> None:
    """Does what is due here; who leads elsewhere is at it and is not waited for."""
    lead = leadership(settings, url, "reactor")
    if "reactor" in needed(settings) and lead.acquire(timeout=TAKE_OVER_SECONDS):
        try:
            with closing(ReactionWorker(settings, url, clock)) as reacting:
                reacting.run_until_idle()
        finally:
            lead.release()
