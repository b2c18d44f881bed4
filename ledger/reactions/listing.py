"""How reactions are told to a person who looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from ledger.reactions.events import Dismissed, Done, Failed, Intended, Parked, Retried
from ledger.reactions.reaction import Reaction, Status

STATUSES: Mapping[str, tuple[str, ...]] = {
    "parked": (Parked.TOPIC,),
    "waiting": (Intended.TOPIC, Failed.TOPIC, Retried.TOPIC),
    "done": (Done.TOPIC,),
    "dismissed": (Dismissed.TOPIC,),
}
"""Status -> the last events of reactions that have it."""


class Listed(msgspec.Struct, frozen=True):
    """One reaction as it stands; `because` is the event of the ledger it is for."""

    id: str
    kind: str
    status: Status
    attempts: int
    due_at: datetime | None
    error: str | None
    without_effect: str | None
    because: str


def listed(reaction: Reaction) -> Listed:
    """A reaction that was intended."""
    intent = reaction.intent
    assert intent is not None
    return Listed(
        id=reaction.id,
        kind=intent.kind,
        status=reaction.status,
        attempts=reaction.attempts,
        due_at=reaction.due_at if reaction.status == "waiting" else None,
        error=reaction.error if reaction.status in ("waiting", "parked") else None,
        without_effect=reaction.without_effect,
        because=intent.because,
    )


def told(each: Listed) -> str:
    """One reaction in two or three lines."""
    noun = "try" if each.attempts == 1 else "tries"
    tries = f" after {each.attempts} {noun}" if each.attempts else ""
    due = f", due {each.due_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if each.due_at else ""
    why = each.error or each.without_effect
    said = [f"{each.id}", f"    {each.status}{tries}{due}, because of {each.because}"]
    return "\n".join([*said, *([f"    {why}"] if why else [])])
