"""When a failed effect is tried again: ever later, and not all at the same moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

PAUSES = tuple(
    timedelta(seconds=each) for each in (30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600)
)
"""After the first try, the second and so on; after the last one it is parked, some 41 hours on."""

SPREAD = 0.2  # each pause is so much shorter or longer at most


def next_try(reaction_id: str, attempt: int, now: datetime) -> datetime | None:
    """When to try again after the `attempt`-th try (from 1); None when that was the last."""
    if attempt > len(PAUSES):
        return None
    return now + PAUSES[attempt - 1] * (1 + SPREAD * _share(f"{reaction_id}#{attempt}"))


def _share(text: str) -> float:
    """From -1 to 1, the same for the same text: chance would be no part of history."""
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") / 2**31 - 1
