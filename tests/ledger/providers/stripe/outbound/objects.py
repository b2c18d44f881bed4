"""Stripe's objects as its API answers them, as far as checkout reads them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PERIOD_END = 1_790_000_000


def subscription(**changes: Any) -> Json:
    """An active subscription of one seat."""
    item = {
        "id": "si_1",
        "object": "subscription_item",
        "price": {"id": "price_basic", "object": "price", "currency": "usd"},
        "quantity": 1,
        "current_period_end": PERIOD_END,
    }
    return {
        "id": "sub_1",
        "object": "subscription",
        "status": "active",
        "items": {"object": "list", "data": [item]},
        "cancel_at": None,
        "cancel_at_period_end": False,
        "latest_invoice": None,
        **changes,
    }


def bill(status: str = "open") -> Json:
    """The newest invoice, with the secret it can be paid by."""
    secret = {"type": "payment_intent", "client_secret": "pi_1_secret"}
    return {
        "id": "in_1",
        "object": "invoice",
        "status": status,
        "currency": "usd",
        "amount_remaining": 0 if status == "paid" else 2000,
        "confirmation_secret": secret,
    }


def price(**changes: Any) -> Json:
    """$5.00 once."""
    return {
        "id": "price_50",
        "object": "price",
        "currency": "usd",
        "unit_amount": 500,
        "unit_amount_decimal": "500",
        "nickname": "50 credits",
        "metadata": {},
        "transform_quantity": None,
        **changes,
    }


def card(id_: str) -> Json:
    """A saved card."""
    details = {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2030}
    return {"id": id_, "object": "payment_method", "type": "card", "card": details}


def page(*data: Json, more: bool = False) -> Json:
    """A page of a list."""
    return {"object": "list", "url": "/v1/things", "has_more": more, "data": list(data)}
