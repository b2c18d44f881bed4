"""given / when / then for aggregates: what was, what is decided, which events that makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

import msgspec
import pytest

from ledger.aggregates.aggregate import Aggregate
from ledger.errors import LedgerError
from ledger.event import EPOCH, Cause, Event
from ledger.events import decode, encode
from ledger.ids import Scope
from ledger.money import Money

A = TypeVar("A", bound=Aggregate)

DAY = timedelta(days=1)
START = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
SCOPE = Scope("stripe", livemode=False)


def day(number: float) -> datetime:
    """So many days after the start of the story."""
    return START + number * DAY


def why(at: datetime = START, cause: str = "delivery/1") -> Cause:
    """A cause whose time is `at` for the provider, and a little later for us."""
    return Cause(cause, at, at + timedelta(seconds=5))


def usd(minor: int) -> Money:
    return Money(minor, "usd")


class Given(Generic[A]):
    """An aggregate with a history, and what it decides next."""

    def __init__(self, aggregate: A) -> None:
        self.aggregate = aggregate

    def when(self, decide: Callable[[A], object]) -> Given[A]:
        decide(self.aggregate)
        return self

    def then(self, *expected: Event) -> A:
        """Exactly these events were decided; stored and read back they say the same."""
        decided = list(self.aggregate.collect_events())
        assert [bare(event) for event in decided] == list(expected)
        assert [decode(event.TOPIC, encode(event)) for event in decided] == decided
        return self.aggregate

    def then_refused(self, error: type[LedgerError], decide: Callable[[A], None]) -> str:
        """Deciding raises `error` and leaves no event; gives its sentence."""
        with pytest.raises(error) as refusal:
            decide(self.aggregate)
        assert list(self.aggregate.collect_events()) == []
        return str(refusal.value)


def given(kind: type[A], key: str, *history: Event) -> Given[A]:
    """An aggregate of `kind` to which `history` has happened."""
    aggregate = kind(SCOPE.stream(kind.CATEGORY, key))
    for version, event in enumerate(history, 1):
        aggregate.apply(event.stamped(aggregate.id, version, why()))
    return Given(aggregate)


def bare(event: Event) -> Event:
    """The event without what every event carries."""
    return msgspec.structs.replace(
        event,
        originator_id="",
        originator_version=0,
        effective_at=EPOCH,
        recorded_at=EPOCH,
        cause="",
    )
