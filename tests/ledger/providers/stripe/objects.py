"""Stripe's objects as small as the ledger can read them, in the shapes of API 2026-10-28.

One checkout of ten dollars, one subscription of thirty dollars a month, all of customer `cus_1`.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

NOW = 1_788_264_000  # 2026-09-01 12:00:00 UTC
DAY = 86_400
MONTH = 30 * DAY


def customer(**changes: Any) -> Json:
    return {
        "id": "cus_1",
        "object": "customer",
        "created": NOW,
        "email": "ann@example.org",
        "name": "Ann",
        "metadata": {},
        **changes,
    }


def payment_intent(**changes: Any) -> Json:
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 1000,
        "amount_received": 0,
        "created": NOW,
        "currency": "usd",
        "customer": "cus_1",
        "description": "Fifty credits",
        "metadata": {},
        "payment_details": {"customer_reference": None, "order_reference": None},
        "receipt_email": None,
        "status": "requires_payment_method",
        **changes,
    }


def charge(**changes: Any) -> Json:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 1000,
        "amount_captured": 1000,
        "amount_refunded": 0,
        "billing_details": {"email": "ann@example.org", "name": "Ann"},
        "captured": True,
        "created": NOW,
        "currency": "usd",
        "customer": "cus_1",
        "description": "Fifty credits",
        "metadata": {},
        "payment_intent": "pi_1",
        "receipt_email": None,
        "status": "succeeded",
        **changes,
    }


def refund(**changes: Any) -> Json:
    return {
        "id": "re_1",
        "object": "refund",
        "amount": 1000,
        "charge": "ch_1",
        "created": NOW,
        "currency": "usd",
        "payment_intent": "pi_1",
        "status": "succeeded",
        **changes,
    }


def dispute(**changes: Any) -> Json:
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 1000,
        "charge": "ch_1",
        "created": NOW,
        "currency": "usd",
        "payment_intent": "pi_1",
        "status": "needs_response",
        **changes,
    }


def session(**changes: Any) -> Json:
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "amount_total": 1000,
        "client_reference_id": None,
        "created": NOW,
        "currency": "usd",
        "customer": "cus_1",
        "customer_details": {"email": "ann@example.org", "name": "Ann"},
        "customer_email": None,
        "invoice": None,
        "metadata": {},
        "mode": "payment",
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "status": "complete",
        "subscription": None,
        **changes,
    }


def price(**changes: Any) -> Json:
    return {
        "id": "price_1",
        "object": "price",
        "lookup_key": "pro",
        "metadata": {},
        "product": "prod_1",
        **changes,
    }


def item(**changes: Any) -> Json:
    return {
        "id": "si_1",
        "object": "subscription_item",
        "current_period_start": NOW,
        "current_period_end": NOW + MONTH,
        "price": price(),
        "quantity": 1,
        **changes,
    }


def subscription(**changes: Any) -> Json:
    return {
        "id": "sub_1",
        "object": "subscription",
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "created": NOW,
        "customer": "cus_1",
        "ended_at": None,
        "items": {"object": "list", "data": [item()]},
        "metadata": {},
        "start_date": NOW,
        "status": "active",
        "trial_end": None,
        "trial_start": None,
        **changes,
    }


def line(**changes: Any) -> Json:
    details = {"subscription": "sub_1", "subscription_item": "si_1", "proration": False}
    return {
        "id": "il_1",
        "object": "line_item",
        "amount": 3000,
        "parent": {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": details,
        },
        "period": {"start": NOW, "end": NOW + MONTH},
        **changes,
    }


def invoice(**changes: Any) -> Json:
    return {
        "id": "in_1",
        "object": "invoice",
        "amount_paid": 3000,
        "attempt_count": 1,
        "currency": "usd",
        "customer": "cus_1",
        "customer_email": "ann@example.org",
        "lines": {"object": "list", "data": [line()]},
        "metadata": {},
        "next_payment_attempt": None,
        "number": "ANN-0001",
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"metadata": {}, "subscription": "sub_1"},
        },
        "status": "paid",
        "status_transitions": {"finalized_at": NOW, "paid_at": NOW},
        "total": 3000,
        **changes,
    }


def invoice_payment(**changes: Any) -> Json:
    return {
        "id": "inpay_1",
        "object": "invoice_payment",
        "amount_paid": 3000,
        "currency": "usd",
        "invoice": "in_1",
        "payment": {"type": "payment_intent", "payment_intent": "pi_9"},
        "status": "paid",
        **changes,
    }
