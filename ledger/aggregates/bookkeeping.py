"""What became of each delivery: one event a batch, and more for each refusal and retry."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.delivery import CATEGORY
from ledger.event import Event

Outcome = Literal["applied", "unchanged", "ignored", "refused"]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One delivery and what became of it; `reason` says why it was ignored or refused.

    Of one that was read by a guess, it says how.
    """

    delivery_id: str
    event_id: str
    type: str
    account: str
    created: datetime
    received_at: datetime
    outcome: Outcome
    reason: str | None = None


class BatchKept(Event, frozen=True):
    """The deliveries of one batch, worked off up to `inbox_position`."""

    TOPIC = "Bookkeeping.BatchKept"
    entries: tuple[Entry, ...]
    inbox_position: int


class Bookkeeping(Aggregate):
    """The record of one batch; its stream is named after the positions it spans."""

    CATEGORY = "bookkeeping"

    @evolves(BatchKept)
    def _batch_kept(self, event: BatchKept) -> None:
        """A record of what was done changes nothing."""


class Refused(Event, frozen=True):
    """The delivery cannot be read or will not be accepted; it is kept and can be retried."""

    TOPIC = "Delivery.Refused"
    code: str
    reason: str


class Retried(Event, frozen=True):
    """A refused delivery was worked off again, and this became of it."""

    TOPIC = "Delivery.Retried"
    entry: Entry


class Refusal(Aggregate):
    """The refusals of one delivery; the last one `stands` until a retry ends otherwise."""

    CATEGORY = "refusal"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.stands = False

    @evolves(Refused)
    def _refused(self, event: Refused) -> None:
        self.stands = True

    @evolves(Retried)
    def _retried(self, event: Retried) -> None:
        self.stands = event.entry.outcome == "refused"


def refusal_of(delivery_id: str) -> str:
    """The stream of the refusals of one delivery."""
    return delivery_id.replace(CATEGORY, Refusal.CATEGORY, 1)


EVENTS = (BatchKept, Refused, Retried)
