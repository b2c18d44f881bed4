"""The small words of the sentences: times, money, whose something is, and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ledger.effects import Access, EndReason
from ledger.event import Event
from ledger.ids import parse_stream
from ledger.money import Money

Sentences = Mapping[type[Event], Callable[[Any], str]]
"""Event class -> what it says in English."""

NOBODY = "nobody we know"

BECAUSE: dict[EndReason, str] = {
    "refunded": "it was refunded in full",
    "dispute_lost": "a dispute was lost",
    "canceled": "it was canceled",
    "unpaid": "it is unpaid",
    "paused": "it is paused",
    "incomplete_expired": "it was never paid",
    "withdrawn": "it was withdrawn by hand",
}


def key(event: Event) -> str:
    """The provider's (or application's) own id of what the event is about."""
    return parse_stream(event.originator_id).key


def when(at: datetime | None) -> str:
    """A time as people read it, in UTC; for none, what none means."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "no known end"


def listed(words: Iterable[str], none: str = "nothing") -> str:
    """`a, b and c`."""
    *others, last = [*words] or [none]
    return f"{', '.join(others)} and {last}" if others else last


def minor(amount: int, like: Money) -> str:
    """An amount in the currency of another."""
    return str(Money(amount, like.currency))


def owner(customer_id: str | None) -> str:
    """Whose something is."""
    return customer_id or NOBODY


def access(given: Access | None, dropped: tuple[str, ...]) -> str:
    """What a source gives, until when, and what it gives no longer."""
    gone = f", and {listed(dropped)} no longer" if given and dropped else ""
    if given is None:
        return f"gives no access to {listed(dropped)} any more" if dropped else "gives no access"
    kind = " as a trial" if given.trial else ""
    return (
        f"gives {given.customer_id} {listed(given.features)}{kind}"
        f" since {when(given.granted_at)}{_until(given)}{gone}"
    )


def _until(given: Access) -> str:
    if given.ends_at is None:
        return ", for good"
    if given.ended_because is not None:
        return f" until {when(given.ends_at)}, since {BECAUSE[given.ended_because]}"
    grace = ", the grace included" if given.paid_until else ""
    return f" until {when(given.ends_at)}{grace}"
