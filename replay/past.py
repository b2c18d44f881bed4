"""The past at hand: all logs, read only, and where in them a moment or a delivery is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from ledger import bookkeeper
from ledger.aggregates.bookkeeping import BatchKept, refusal_of
from ledger.delivery import Delivery
from ledger.event import Event
from ledger.events import decode
from ledger.reactions import events as reactions
from ledger.reactions.store import called_for, called_for_by
from ledger.store.log import Entry, LogReader
from ledger.store.names import Names

AROUND = 1_000  # events; a batch of deliveries makes some hundreds


class Recorded(msgspec.Struct, frozen=True):
    """An event at its position in the Ledger."""

    position: int
    event: Event


class Past(AbstractContextManager["Past"]):
    """The Inbox, the Ledger and the reactions of one installation."""

    def __init__(self, url: str, names: Names) -> None:
        self.inbox = LogReader(url, names.inbox)
        self.ledger = LogReader(url, names.ledger)
        self.reactions = LogReader(url, names.reactions)

    def __exit__(self, *_: object) -> None:
        self.inbox.close()
        self.ledger.close()
        self.reactions.close()

    def events(self, streams: Sequence[str]) -> list[Recorded]:
        """All events of some streams, in the order of their positions."""
        return [recorded(entry) for entry in self.ledger.histories(streams)]

    def events_after(self, streams: Sequence[str], position: int, limit: int) -> list[Recorded]:
        """The first `limit` events of some streams after a position."""
        found = self.ledger.histories_after(streams, position, limit)
        return [recorded(entry) for entry in found]

    def event(self, position: int) -> Recorded | None:
        """The event at a position."""
        found = self.ledger.entries(position - 1, 1, position)
        return recorded(found[0]) if found else None

    def called_for(self, streams: Sequence[str]) -> list[str]:
        """The ids of the reactions that events of these streams called for, by their index."""
        return called_for(self.reactions, streams) if self.reacts else []

    def called_for_by(self, events: Sequence[Event]) -> list[str]:
        """The ids of the reactions that these very events called for."""
        return called_for_by(self.reactions, events) if self.reacts else []

    def acts(self, ids: Sequence[str]) -> list[Recorded]:
        """All events of some reactions, in the order of their positions in their own log."""
        return [acted(each) for each in self.reactions.histories(ids)] if self.reacts else []

    def acts_after(self, ids: Sequence[str], position: int, limit: int) -> list[Recorded]:
        """The first `limit` events of some reactions after a position of their log."""
        found = self.reactions.histories_after(ids, position, limit) if self.reacts else []
        return [acted(each) for each in found]

    @cached_property
    def reacts(self) -> bool:
        """Whether reactions are kept: a database that was not migrated yet has nowhere to."""
        return self.reactions.is_there()

    def deliveries(self, ids: Sequence[str]) -> Mapping[str, Delivery]:
        """Those of these deliveries that were received, by their ids."""
        found = (Delivery.from_state(state) for *_, state in self.inbox.streams(ids))
        return {delivery.originator_id: delivery for delivery in found}

    def position_at(self, moment: datetime) -> int:
        """The last position of the history we had at a moment.

        What comes next was recorded later. Bisects at positions that do not depend on how much
        history there is, so that the answer for the past stays the same.
        """
        low, high = 0, 1 << self.ledger.head().bit_length()
        while high - low > 1:
            middle = (low + high) // 2
            found = self.ledger.after(middle - 1, 1)
            if found and _when(found[0][2]) <= moment:
                low = found[0][0]
            else:
                high = middle
        return low

    def of_delivery(self, delivery_id: str) -> list[Recorded]:
        """The record of what became of a delivery, the events it caused and those of its retries.

        The events of a batch of deliveries are together, and their record is the last of them.
        """
        inbox = self.inbox.histories([delivery_id])
        batch = self._batch_with(inbox[0][0]) if inbox else []
        later = self._retries(delivery_id)
        events = {each.position: each for each in (*batch, *later)}
        return [events[at] for at in sorted(events) if about(events[at].event, delivery_id)]

    def _batch_with(self, inbox_position: int) -> list[Recorded]:
        """The events of the batch that worked off a position of the Inbox; none if none has yet."""
        low, high = 0, self.ledger.head() + 1
        while high - low > 1:
            middle = (low + high) // 2
            record = self._next_batch(middle - 1)
            if record is None or _inbox_position(record) >= inbox_position:
                high = middle
            else:
                low = record.position
        last = self._next_batch(low)
        return self._between(low, last.position) if last else []

    def _next_batch(self, position: int) -> Recorded | None:
        """The first record of a batch after a position."""
        while page := self.ledger.entries(position, AROUND):
            for entry in page:
                if entry[3] == BatchKept.TOPIC and _is_batch(found := recorded(entry)):
                    return found
            position = page[-1][0]
        return None

    def _retries(self, delivery_id: str) -> list[Recorded]:
        """The refusals and retries of a delivery, and the events each of its retries caused."""
        found = self.events([refusal_of(delivery_id)])
        around = [self._between(each.position - AROUND, each.position) for each in found[1:]]
        return [*found, *(event for events in around for event in events)]

    def _between(self, after: int, upto: int) -> list[Recorded]:
        found: list[Recorded] = []
        while page := self.ledger.entries(after, AROUND, upto):
            found += map(recorded, page)
            after = page[-1][0]
        return found


def recorded(entry: Entry) -> Recorded:
    """What an entry of the Ledger holds."""
    position, _, _, topic, state = entry
    return Recorded(position, decode(topic, state))


def acted(entry: Entry) -> Recorded:
    """What an entry of the reactions' log holds."""
    position, _, _, topic, state = entry
    return Recorded(position, reactions.decode(topic, state))


def about(event: Event, delivery_id: str) -> bool:
    """Whether an event came of a delivery, or says what became of it."""
    if isinstance(event, BatchKept):
        return any(entry.delivery_id == delivery_id for entry in event.entries)
    return event.cause == delivery_id or event.originator_id == refusal_of(delivery_id)


class _Time(msgspec.Struct, frozen=True):
    recorded_at: datetime


_TIMES = msgspec.json.Decoder(_Time)


def _when(state: Any) -> datetime:
    return _TIMES.decode(state).recorded_at


def _is_batch(record: Recorded) -> bool:
    return record.event.cause == bookkeeper.POSITION


def _inbox_position(record: Recorded) -> int:
    assert isinstance(record.event, BatchKept)
    return record.event.inbox_position
