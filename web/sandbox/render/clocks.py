"""Test clocks."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.clocks import Clock


def clock(noun: Clock) -> dict[str, Any]:
    """A test clock; while it moves it says where to, which here takes no time."""
    return {
        "id": noun.id,
        "object": "test_helpers.test_clock",
        "created": noun.created,
        "deletes_after": noun.deleted_after,
        "frozen_time": noun.frozen_at,
        "livemode": False,
        "name": noun.name,
        "status": noun.status,
        "status_details": {},
    }
