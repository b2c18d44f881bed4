"""How reactions are told to a person who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from ledger.reactions.events import Dismissed, Done, Failed, Intended, Parked, Retried
from ledger.reactions.reaction import Reaction, Status
from ledger.store.log import END, LogReader

STATUSES: Mapping[str, tuple[str, ...]] = {
    "parked": (Parked.TOPIC,),
    "waiting": (Intended.TOPIC, Failed.TOPIC, Retried.TOPIC),
    "done": (Done.TOPIC,),
    "dismissed": (Dismissed.TOPIC,),
}
"""Status -> the last events of reactions that have it."""


class Listed(msgspec.Struct, frozen=True):
    """One reaction as it stands; `because` is the event of the ledger it is for.

    `error` is what the last try failed for, unless it is done after all.
    """

    id: str
    kind: str
    status: Status
    attempts: int
    due_at: datetime | None
    error: str | None
    without_effect: str | None
    because: str


def counts(log: LogReader) -> dict[str, int]:
    """How many reactions there are of each status."""
    ends = log.endings()
    return {status: sum(ends.get(each, 0) for each in last) for status, last in STATUSES.items()}


def latest(log: LogReader, statuses: Iterable[str], limit: int, before: int = END) -> list[str]:
    """The ids of reactions, the newest last event first, of those `before` a position."""
    topics = [topic for status in statuses for topic in STATUSES[status]]
    return log.lately_ending_in(topics, limit, before)


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
        error=None if reaction.status == "done" else reaction.error,
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
