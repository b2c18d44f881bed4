"""The two workers, bookkeeper and projector: each leads alone, or stands by until it may."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import closing

from ledger.assembly import bookkeeper
from ledger.settings import Settings
from ledger.store.errors import PositionMoved
from ledger.store.leadership import Leadership, Mandate
from ledger.store.waker import Waker
from projections.generations import Moved
from projections.projector import Projector
from projections.queries import Queries

TAKE_OVER_SECONDS = 0.25
OVERTAKEN = (Moved, PositionMoved)

_log = logging.getLogger(__name__)


def keep_books(settings: Settings, url: str, stop: threading.Event) -> None:
    """Deliveries into the Ledger, until `stop` is set."""
    with (
        closing(bookkeeper(settings, url)) as keeper,
        closing(Waker(url, settings.names.inbox)) as waker,
    ):
        keeper.run(waker, stop)


def project(settings: Settings, url: str, stop: threading.Event) -> None:
    """The Ledger into the tables, until `stop` is set."""
    with (
        closing(Projector(url, settings.names)) as projector,
        closing(Waker(url, settings.names.ledger)) as waker,
    ):
        projector.run(waker, stop)


Worker = Callable[[Settings, str, threading.Event], None]

WORKERS: Mapping[str, Worker] = {"bookkeeper": keep_books, "projector": project}
"""In the order of the way a delivery goes."""


def leadership(settings: Settings, url: str, name: str) -> Leadership:
    """The lead of one worker over the schemas it writes."""
    names = settings.names
    schema = {"bookkeeper": names.ledger, "projector": names.projections}[name]
    return Leadership(url, f"{name} of {schema}")


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
    """Work everything off here, or wait until the workers that lead elsewhere have."""
    queries = Queries(url, settings.names)
    books, tables = bookkeeper(settings, url), Projector(url, settings.names)
    steps = (
        ("bookkeeper", books.run_until_idle, "waiting_deliveries"),
        ("projector", tables.run_until_idle, "lag_events"),
    )
    for name, work, left in steps:
        lead = leadership(settings, url, name)
        while not lead.acquire(timeout=TAKE_OVER_SECONDS):
            if not queries.freshness()[left]:
                break
        else:
            work()
        lead.release()
    books.close()
    tables.close()
    queries.close()
