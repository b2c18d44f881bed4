"""Coupons: what is taken off a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.view import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon(Noun):
    """`percent_off`, or `amount_off` in minor units of a currency."""

    name: str | None = None
    percent_off: float | None = None
    amount_off: int | None = None
    currency: str | None = None
    duration: str = "once"
    metadata: Mapping[str, str] = field(default_factory=dict)

    def off(self, amount: int) -> int:
        """What it takes off an amount, both in minor units."""
        if self.percent_off is not None:
            return round(amount * self.percent_off / 100)
        return min(amount, self.amount_off or 0)
