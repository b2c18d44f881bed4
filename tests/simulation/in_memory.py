"""The whole way from deliveries to rows without a database: clerk, events, folds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ledger.assembly import OBSERVERS
from ledger.books import Books
from ledger.clerk import Clerk, Rules
from ledger.delivery import Delivery
from ledger.event import Event
from ledger.events import encode
from ledger.policy import Policy
from ledger.providers.stripe.receiver import envelope
from projections.engine import Folding
from projections.registry import PROJECTIONS
from web.sandbox.lives.shop import PLATFORM
from web.sandbox.oracle import oracle
from web.sandbox.year import Year

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
RULES = Rules(OBSERVERS, Policy(platform=PLATFORM), livemode=False)

Rows = dict[str, dict[Any, Any]]


def deliveries(bodies: Iterable[bytes]) -> list[Delivery]:
    """Deliveries of these bodies, all received at NOW."""
    return [Delivery(envelope(body), NOW, {}, body) for body in bodies]


def kept(batches: Iterable[Sequence[Delivery]]) -> list[Event]:
    """The events that come of working off these batches, each with books of its own."""
    stored: dict[str, list[Event]] = {}

    def load(streams: Sequence[str]) -> Mapping[str, Sequence[Event]]:
        return {each: stored[each] for each in streams if each in stored}

    events: list[Event] = []
    for batch in batches:
        books = Books(load)
        clerk = Clerk(books, RULES)
        assert all(entry.outcome != "refused" for entry in clerk.keep(batch, NOW))
        for event in books.collect_events():
            stored.setdefault(event.originator_id, []).append(event)
            events.append(event)
    return events


def rows(events: Iterable[Event]) -> Rows:
    """The rows of all tables but the one that arrival decides, by table and key."""
    folding = Folding(PROJECTIONS)
    folding.fold([(n, each.TOPIC, encode(each)) for n, each in enumerate(events, start=1)])
    return {name: table for name, table in folding.rows.items() if name != "deliveries"}


def true_rows(year: Year) -> dict[str, dict[Any, dict[str, Any]]]:
    """What the simulator says must be in the tables when nothing was spent."""
    return oracle(year.truth, platform=PLATFORM, spends=[])
