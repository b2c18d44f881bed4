"""How an object stood before a change, from `previous_attributes`."""

from __future__ import annotations

from typing import Any


def before(now: Any, previous: Any) -> Any:
    """`now` with the old values of `previous` put back; neither of the two is changed.

    Objects are patched key by key, lists of one length element by element (Stripe repeats list
    items whole or only with what changed), everything else is replaced.
    """
    if isinstance(now, dict) and isinstance(previous, dict):
        return now | {key: before(now.get(key), old) for key, old in previous.items()}
    if isinstance(now, list) and isinstance(previous, list) and len(now) == len(previous):
        return [before(one, old) for one, old in zip(now, previous, strict=True)]
    return previous
