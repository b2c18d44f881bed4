"""One event in words: what happened, where that is recorded, and what it came of."""

from __future__ import annotations

from datetime import datetime

import msgspec

from replay.past import Recorded
from replay.sentences import sentence


class Happened(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event; `cause_type` is the provider's name for the delivery that caused it.

    What we did ourselves is of the `log` of reactions, and `position` is one of that; `because`
    is the event of the ledger that called for it (STREAM#VERSION), at `because_position` there.
    """

    position: int
    stream: str
    version: int
    kind: str
    sentence: str
    effective_at: datetime
    recorded_at: datetime
    cause: str
    cause_type: str | None = None
    log: str = "ledger"
    because: str | None = None
    because_position: int | None = None


def happened(each: Recorded) -> Happened:
    """An event as it is recorded, in words; nothing of what was behind it is looked up."""
    event = each.event
    return Happened(
        position=each.position,
        stream=event.originator_id,
        version=event.originator_version,
        kind=event.TOPIC,
        sentence=sentence(event),
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        cause=event.cause,
    )
