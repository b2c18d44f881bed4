"""How long a call waits for the database, and how it tries again meanwhile."""

from __future__ import annotations

from time import monotonic, sleep

from ledger.store.errors import StoreUnavailable

FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.25


class Patience:
    """The time one call has: `deadline` in monotonic seconds."""

    __slots__ = ("_pause", "deadline", "limit_seconds")

    def __init__(self, limit_seconds: float) -> None:
        self.limit_seconds = limit_seconds
        self.deadline = monotonic() + limit_seconds
        self._pause = FIRST_PAUSE_SECONDS

    @property
    def left(self) -> float:
        """Seconds left; negative when the time is over."""
        return self.deadline - monotonic()

    def check(self, problem: object = "no answer") -> None:
        """Raises StoreUnavailable when the time is over."""
        if self.left <= 0:
            raise StoreUnavailable(self.limit_seconds, problem)

    def pause_after(self, problem: Exception) -> None:
        """Wait a little longer each time; raises StoreUnavailable when no time is left for it."""
        if self.left <= self._pause:
            raise StoreUnavailable(self.limit_seconds, problem) from problem
        sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
