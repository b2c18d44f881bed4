"""Coupons."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.coupons import Coupon


def coupon(noun: Coupon) -> dict[str, Any]:
    """A coupon, which may be used by anybody as often as they like."""
    return {
        "id": noun.id,
        "object": "coupon",
        "amount_off": noun.amount_off,
        "created": noun.created,
        "currency": noun.currency,
        "duration": noun.duration,
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": None,
        "metadata": noun.metadata,
        "name": noun.name,
        "percent_off": noun.percent_off,
        "redeem_by": None,
        "times_redeemed": 0,
        "valid": True,
    }
