"""When a failed effect is tried again: ever later, and not all at the same moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

PAUSES = tuple(
    timedelta(seconds=each) for each in (30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600)
)
"""After the first try, the second and so on; after the last one it is parked, some 41 hours on."""

SPREAD = 0.2  # each pause is so much shorter or longer at most
SECONDS = re.compile(r"[0-9]{1,9}")


def next_try(
    reaction_id: str, attempt: int, now: datetime, not_before: datetime | None = None
) -> datetime | None:
    """When to try again after the `attempt`-th try (from 1); None when that was the last.

    `not_before` is the time that the other side asked for: it is given a day at most.
    """
    if attempt > len(PAUSES):
        return None
    again = now + PAUSES[attempt - 1] * (1 + SPREAD * _share(f"{reaction_id}#{attempt}"))
    return max(again, min(not_before, now + PAUSES[-1])) if not_before else again


def asked_for(retry_after: str | None, now: datetime) -> datetime | None:
    """The time that a Retry-After header names, in seconds or as a date; None for any other."""
    said = (retry_after or "").strip()
    if SECONDS.fullmatch(said):
        return now + timedelta(seconds=int(said))
    try:
        at = parsedate_to_datetime(said)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # it meets nonsense with any of them
        return None


def _share(text: str) -> float:
    """From -1 to 1, the same for the same text: chance would be no part of history."""
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") / 2**31 - 1
