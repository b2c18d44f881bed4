"""Everything that happened to a customer, a stream, a delivery or an event, with its causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from ledger.aggregates.bookkeeping import BatchKept, Entry, Refused, Retried
from ledger.delivery import CATEGORY as DELIVERY
from ledger.delivery import Delivery
from ledger.errors import LedgerError
from ledger.event import Event
from ledger.events import encode
from projections.comparison import changes
from projections.deliveries import DELIVERIES
from projections.engine import Folding, Rows
from projections.projection import Key
from projections.registry import PROJECTIONS
from replay.acts import acts_of
from replay.happened import Happened, happened
from replay.past import Past, Recorded

Columns = dict[str, tuple[Any, Any]]
"""Column -> (before, after)."""


class UnknownSubject(LedgerError):
    def __init__(self, word: str, what: str = "customer, stream or delivery") -> None:
        super().__init__(f"no {what} {word!r} is known here")


class Touched(msgspec.Struct, frozen=True):
    """A row that an event made, changed or took away, and what changed in it."""

    position: int
    table: str
    key: Key
    columns: Columns


class Received(msgspec.Struct, frozen=True):
    """A delivery as it came in, and what became of it each time it was worked off.

    `reactions` tell what was done in the world because of the events.
    """

    delivery_id: str
    type: str
    event_id: str
    created: datetime
    received_at: datetime
    headers: dict[str, str]
    body_bytes: int
    outcomes: list[str]
    events: list[Happened]
    rows: list[Touched]
    reactions: list[Happened] = []


def told(past: Past, events: Sequence[Recorded]) -> list[Happened]:
    """Events in words, with what the deliveries behind them were."""
    causes = {each.event.cause for each in events}
    deliveries = past.deliveries(sorted(each for each in causes if _is_delivery(each)))
    return [_happened(each, deliveries) for each in events]


def received(past: Past, delivery_id: str) -> Received:
    """A delivery, the events it caused and the rows these touched. Raises UnknownSubject."""
    delivery = delivery_of(past, delivery_id)
    events = past.of_delivery(delivery_id)
    caused = [each for each in events if not isinstance(each.event, BatchKept)]
    envelope = delivery.envelope
    return Received(
        delivery_id=delivery_id,
        type=envelope.type,
        event_id=envelope.event_id,
        created=envelope.created,
        received_at=delivery.received_at,
        headers=delivery.headers,
        body_bytes=len(delivery.body),
        outcomes=[_outcome(each) for each in _entries(events, delivery_id)],
        events=told(past, caused),
        rows=touched(past, events, delivery_id),
        reactions=acts_of(past, [each.event for each in caused]),
    )


def delivery_of(past: Past, delivery_id: str) -> Delivery:
    """A delivery as it is kept. Raises UnknownSubject."""
    delivery = past.deliveries([delivery_id]).get(delivery_id)
    if delivery is None:
        raise UnknownSubject(delivery_id, "delivery")
    return delivery


def touched(past: Past, events: Sequence[Recorded], delivery_id: str) -> list[Touched]:
    """The rows some events touched, each with what it changed there."""
    streams = {each.event.originator_id for each in events if not _is_record(each.event)}
    wanted = {each.position for each in events}
    found: list[Touched] = []
    folding = Folding(PROJECTIONS)
    for each in past.events(sorted(streams)):
        before = _rows(folding, each) if each.position in wanted else {}
        folding.fold([(each.position, each.event.TOPIC, encode(each.event))])
        found += _changed(before, folding, each) if each.position in wanted else []
    return [*found, *_delivery_row(events, delivery_id)]


def _happened(each: Recorded, deliveries: Mapping[str, Delivery]) -> Happened:
    cause = deliveries.get(each.event.cause)
    return replace(happened(each), cause_type=cause.envelope.type if cause else None)


def _rows(folding: Folding, each: Recorded) -> dict[str, Rows]:
    """The rows an event is about to touch, as they are before."""
    for keys in folding.touched.values():
        keys.clear()
    folding.touch([(each.position, each.event.TOPIC, encode(each.event))])
    return {
        name: {key: folding.rows[name][key] for key in keys if key in folding.rows[name]}
        for name, keys in folding.touched.items()
    }


def _changed(before: Mapping[str, Rows], folding: Folding, each: Recorded) -> Iterable[Touched]:
    for table, keys in folding.touched.items():
        for key in sorted(keys):
            columns = _columns(before[table].get(key), folding.rows[table].get(key))
            if columns:
                yield Touched(each.position, table, key, columns)


def _columns(before: Any, after: Any) -> Columns:
    """What changed; of a row that came or went, all of it."""
    if before is not None and after is not None:
        return changes(before, after)
    row = before if after is None else after
    if row is None:
        return {}
    pairs = {name: getattr(row, name) for name in row.__struct_fields__}
    return {name: (v, None) if after is None else (None, v) for name, v in pairs.items()}


def _delivery_row(events: Sequence[Recorded], delivery_id: str) -> Iterable[Touched]:
    """The delivery's own row, each time something became of it."""
    for each in events:
        for entry in _entries([each], delivery_id):
            columns: Columns = {"outcome": (None, entry.outcome)}
            if entry.reason is not None:
                columns["reason"] = (None, entry.reason)
            yield Touched(each.position, DELIVERIES.name, delivery_id, columns)


def _entries(events: Iterable[Recorded], delivery_id: str) -> Iterable[Entry]:
    for each in events:
        if isinstance(each.event, BatchKept):
            yield from (it for it in each.event.entries if it.delivery_id == delivery_id)
        if isinstance(each.event, Retried):
            yield each.event.entry


def _outcome(entry: Entry) -> str:
    return f"{entry.outcome} ({entry.reason})" if entry.reason else entry.outcome


def _is_record(event: Event) -> bool:
    return isinstance(event, BatchKept | Refused | Retried)


def _is_delivery(cause: str) -> bool:
    return cause.startswith(f"{DELIVERY}/")
