"""Histories to fold: events stamped into streams, and the records the Ledger would keep of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from ledger.event import Cause, Event
from ledger.events import encode
from ledger.snapshots import Newest, Snapshot
from ledger.store.log import END, PAGE_SIZE, Record
from projections.engine import fold_until
from projections.registry import PROJECTIONS
from projections.rows import Row

S = TypeVar("S")

DAY = timedelta(days=1)
JAN_1 = datetime(2025, 1, 1, tzinfo=UTC)

CUSTOMER = "customer/stripe/live//cus_1"
PURCHASE = "purchase/stripe/live//pi_1"
SUBSCRIPTION = "subscription/stripe/live/acct_9/sub_1"
INVOICE = "invoice/stripe/live//in_1"
WALLET = "wallet/stripe/live//user_1"
BOOKS = "bookkeeping/1-2"


def given(stream: str, *events: Event) -> list[Event]:
    """The events of one stream, one recorded each day."""
    return [
        event.stamped(stream, number, Cause("evt_1", JAN_1, JAN_1 + (number - 1) * DAY))
        for number, event in enumerate(events, 1)
    ]


def standing(state: S, ambiguous: bool = False) -> Newest[S]:
    """A state as the newest there is."""
    return Newest((Snapshot(state, JAN_1),), ambiguous)


def records(events: Sequence[Event]) -> list[Record]:
    """The events as the Ledger keeps them; positions leave gaps, as they may."""
    return [(10 * n, event.TOPIC, encode(event)) for n, event in enumerate(events, 1)]


class Log:
    """A Ledger in memory, to be read as a LogReader is."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._records = records(events)

    def pages(
        self, position: int, size: int = PAGE_SIZE, upto: int = END
    ) -> Iterator[list[Record]]:
        found = [each for each in self._records if position < each[0] <= upto]
        yield from (found[start : start + size] for start in range(0, len(found), size))


def rows(table: str, *events: Event) -> list[Row]:
    """The rows of one table after these events."""
    return list(fold_until(Log(events), PROJECTIONS)[table].values())
