"""How long answers took: medians hide what a percentile shows."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import msgspec


class Sent(msgspec.Struct, frozen=True):
    """How it went: how long all took, and how long each answer."""

    seconds: float
    latencies_seconds: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies_seconds) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The latency that `share` of all answers did not exceed."""
        return percentile(self.latencies_seconds, share) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
