"""The deliveries that are refused: why, how often, and what became of another try."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from ledger.aggregates.bookkeeping import Refused, refusal_of
from ledger.delivery import Delivery
from ledger.errors import NotRefused
from ledger.retrying import Attempt
from replay.past import Past
from replay.sentences import sentence


class RefusedDelivery(msgspec.Struct, frozen=True):
    """A delivery that is refused, with the last reason; `times` counts the tries."""

    delivery_id: str
    event_id: str
    type: str
    created: datetime
    received_at: datetime
    code: str
    reason: str
    times: int


class Tried(msgspec.Struct, frozen=True):
    """What became of a refused delivery, or would, and all that follows from it in words."""

    delivery_id: str
    event_id: str
    type: str
    outcome: str
    reason: str | None
    events: list[str]


def refusals(past: Past, ids: Sequence[str]) -> list[RefusedDelivery]:
    """Refused deliveries by their ids, in the order of these."""
    deliveries = past.deliveries(ids)
    told: dict[str, list[Refused]] = {}
    for each in past.events([refusal_of(id_) for id_ in ids]):
        if isinstance(each.event, Refused):
            told.setdefault(each.event.originator_id, []).append(each.event)
    return [_refused(deliveries[id_], told[refusal_of(id_)]) for id_ in ids]


def tried(
    deliveries: Sequence[Delivery], attempt: Callable[[Delivery], Attempt]
) -> Iterator[Tried]:
    """Tries each delivery that is refused still; the others are passed over."""
    for delivery in deliveries:
        try:
            found = attempt(delivery)
        except NotRefused:  # the tables were behind, or somebody else came first
            continue
        entry = found.entry
        yield Tried(
            delivery_id=entry.delivery_id,
            event_id=entry.event_id,
            type=entry.type,
            outcome=entry.outcome,
            reason=entry.reason,
            events=[sentence(each) for each in found.events[:-1]],
        )


def _refused(delivery: Delivery, told: Sequence[Refused]) -> RefusedDelivery:
    envelope, last = delivery.envelope, told[-1]
    return RefusedDelivery(
        delivery_id=delivery.originator_id,
        event_id=envelope.event_id,
        type=envelope.type,
        created=envelope.created,
        received_at=delivery.received_at,
        code=last.code,
        reason=last.reason,
        times=len(told),
    )
