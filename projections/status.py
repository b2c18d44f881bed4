"""How far the workers are, whether anybody does the work, and what was refused."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

import msgspec

from ledger.assembly import clock
from ledger.bookkeeper import POSITION
from ledger.delivery import Delivery
from ledger.settings import Settings
from ledger.store.log import LogReader
from projections.generations import Generations
from projections.queries import Queries
from projections.reacting import Reacted, reacted
from projections.schema import connect
from projections.sealed import Sealed, sealed
from projections.workers import ERRANDS, leadership, needed


class Progress(msgspec.Struct, frozen=True):
    """One worker: the position it has reached in its log and the end of that, and what is between.

    `leader` says whether some process does this work right now.
    """

    position: int
    head: int
    lag_events: int
    lag_seconds: int
    leader: bool

    @property
    def stopped(self) -> bool:
        """Something waits, and nobody works it off."""
        return self.lag_events > 0 and not self.leader


class Status(msgspec.Struct, frozen=True):
    """The whole way of a delivery; `as_of` is until when the tables hold everything.

    There is no fetcher without a key for Stripe; `fees` is the one that asks what payments cost.
    There is no sealer without a key for seals, and no reactor where there is nothing to be done.
    """

    bookkeeper: Progress
    fetcher: Progress | None
    fees: Progress | None
    projector: Progress
    reactor: Reacted | None
    sealer: Sealed | None
    generation: int
    as_of: datetime
    lag_seconds: int
    deliveries: dict[str, int]

    @property
    def healthy(self) -> bool:
        workers = (
            *(self.bookkeeper, self.fetcher, self.fees),
            *(self.projector, self.reactor, self.sealer),
        )
        return not any(each is not None and each.stopped for each in workers)


def status(settings: Settings, url: str) -> Status:
    """Asks the database. Raises NoGeneration before the first migration."""
    with connect(url, settings.names) as connection:
        Generations(settings.names.projections).current(connection)
    queries, now = Queries(url, settings.names, pool_size=1), clock()
    fresh = queries.freshness()
    found = Status(
        bookkeeper=_bookkeeper(settings, url, fresh, now),
        fetcher=_fetcher(settings, url, "fetcher", now),
        fees=_fetcher(settings, url, "fees", now),
        projector=_projector(settings, url, fresh, now),
        reactor=_reactor(settings, url, now),
        sealer=_sealer(settings, url, now),
        generation=fresh["generation"],
        as_of=fresh["as_of"],
        lag_seconds=fresh["lag_seconds"],
        deliveries=queries.outcomes(),
    )
    queries.close()
    return found


def _bookkeeper(settings: Settings, url: str, fresh: dict[str, Any], now: datetime) -> Progress:
    inbox, ledger = (LogReader(url, schema) for schema in settings.names.stores)
    position, head = ledger.position(POSITION), inbox.head()
    inbox.close()
    ledger.close()
    return Progress(
        position=position,
        head=head,
        lag_events=fresh["waiting_deliveries"],
        lag_seconds=_seconds(fresh["waiting_since"], now),
        leader=_is_led(settings, url, "bookkeeper"),
    )


def _fetcher(settings: Settings, url: str, name: str, now: datetime) -> Progress | None:
    if name not in needed(settings):
        return None
    inbox, ledger = (LogReader(url, schema) for schema in settings.names.stores)
    with closing(inbox), closing(ledger):
        position = ledger.position(ERRANDS[name].position)
        waiting = [Delivery.from_state(state) for *_, state in inbox.after(position, 1)]
        return Progress(
            position=position,
            head=inbox.head(),
            lag_events=inbox.count(position),
            lag_seconds=_seconds(waiting[0].received_at if waiting else None, now),
            leader=_is_led(settings, url, name),
        )


def _projector(settings: Settings, url: str, fresh: dict[str, Any], now: datetime) -> Progress:
    return Progress(
        position=fresh["position"],
        head=fresh["head"],
        lag_events=fresh["lag_events"],
        lag_seconds=_seconds(fresh["lagging_since"], now),
        leader=_is_led(settings, url, "projector"),
    )


def _reactor(settings: Settings, url: str, now: datetime) -> Reacted | None:
    if "reactor" not in needed(settings):
        return None
    return reacted(settings.names, url, now, _is_led(settings, url, "reactor"))


def _sealer(settings: Settings, url: str, now: datetime) -> Sealed | None:
    if "sealer" not in needed(settings):
        return None
    return sealed(settings, url, now, _is_led(settings, url, "sealer"))


def _seconds(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since else 0


def _is_led(settings: Settings, url: str, name: str) -> bool:
    """Whether the lead is taken: who gets it at once gives it back at once."""
    lead = leadership(settings, url, name)
    free = lead.acquire(timeout=0)
    lead.release()
    return not free
