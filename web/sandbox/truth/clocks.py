"""Test clocks, as far as they are told: each shows the world's own time."""

from __future__ import annotations

from dataclasses import dataclass

from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth

KEPT_SECONDS = 30 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Noun):
    """A clock that stood at `frozen_at` (Unix seconds) when it was last moved."""

    name: str | None
    frozen_at: int
    status: str = "ready"

    @property
    def deleted_after(self) -> int:
        """When Stripe would clear it away."""
        return self.created + KEPT_SECONDS


def set_up(truth: Truth, account: str, name: str | None) -> Clock:
    """A clock that stands where the world does: `test_helpers.test_clock.created`."""
    clock = Clock(
        id=truth.new_id("clock_1"),
        account=account,
        created=truth.now,
        name=name,
        frozen_at=truth.now,
    )
    return truth.add(clock, "test_helpers.test_clock.created")


def advanced(truth: Truth, clock: Clock) -> Clock:
    """It has got there: `test_helpers.test_clock.ready`."""
    kind = "test_helpers.test_clock.ready"
    return truth.change(clock, kind, frozen_at=truth.now, status="ready")
