"""Waiting with a bound that only a hang reaches, however slow the machine."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST_SECONDS = 300.0
LOOK_SECONDS = 0.02


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until `holds()` is true. Raises AssertionError, naming `what` was waited for."""
    give_up = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < give_up, f"waited {LONGEST_SECONDS:g} s for {what}"
        time.sleep(LOOK_SECONDS)
