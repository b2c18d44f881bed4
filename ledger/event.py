"""What every domain event carries besides what happened: where, in which order, when and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar, Self

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cause(msgspec.Struct, frozen=True):
    """Why an event is recorded: the delivery or command it came from, and the two times.

    `effective_at` is the provider's (or caller's) time, `recorded_at` is ours.
    """

    id: str
    effective_at: datetime
    recorded_at: datetime


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all domain events: complete, in our words, never edited.

    A class may move or be renamed; its TOPIC, which the store keeps, may not.
    """

    TOPIC: ClassVar[str]

    originator_id: str = ""
    originator_version: int = 0
    effective_at: datetime = EPOCH
    recorded_at: datetime = EPOCH
    cause: str = ""

    def stamped(self, stream: str, version: int, why: Cause) -> Self:
        """This event as the `version`-th of `stream`, recorded because of `why`."""
        return msgspec.structs.replace(
            self,
            originator_id=stream,
            originator_version=version,
            effective_at=why.effective_at,
            recorded_at=why.recorded_at,
            cause=why.id,
        )
