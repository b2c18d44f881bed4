"""`previous_attributes`: what was different before, as Stripe cuts it down."""

from __future__ import annotations

from typing import Any


def previous_attributes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The old values of the changed keys; within objects only theirs, arrays whole.

    A key that did not exist before (new metadata, say) is told as null.
    """
    changed = [key for key in after if key not in before or before[key] != after[key]]
    gone = [key for key in before if key not in after]
    told = {key: _old(before.get(key), after[key]) for key in changed}
    return {**told, **{key: before[key] for key in gone}}


def _old(before: Any, after: Any) -> Any:
    if isinstance(before, dict) and isinstance(after, dict):
        return previous_attributes(before, after)
    return before
