"""The same subscription and invoice as older API versions told them."""

from __future__ import annotations

from typing import Any

from tests.ledger.providers.stripe.objects import MONTH, NOW, Json, price


def plan(**changes: Any) -> Json:
    return {"id": "plan_1", "object": "plan", "amount": 3000, "metadata": {}, **changes}


def _subscription(**changes: Any) -> Json:
    return {
        "id": "sub_1",
        "object": "subscription",
        "cancel_at_period_end": False,
        "canceled_at": None,
        "current_period_end": NOW + MONTH,
        "current_period_start": NOW,
        "customer": "cus_1",
        "ended_at": None,
        "metadata": {},
        "status": "active",
        "trial_end": None,
        "trial_start": None,
        **changes,
    }


def subscription_2014() -> Json:
    """One plan, no items, and no time of creation."""
    return _subscription(plan=plan(name="Pro"), quantity=1, start=NOW)


def subscription_2017() -> Json:
    """Items, of plans that are named and have no product."""
    items = {"data": [{"id": "si_1", "plan": plan(name="Pro"), "quantity": 1}]}
    return _subscription(created=NOW, start=NOW, items=items, plan=plan(), quantity=1)


def subscription_2018() -> Json:
    """Plans of a product."""
    items = {"data": [{"id": "si_1", "plan": plan(product="prod_1"), "quantity": 1}]}
    return _subscription(created=NOW, start=NOW, items=items, plan=plan(), quantity=1)


def subscription_2020() -> Json:
    """Prices; the period is still the subscription's."""
    items = {"data": [{"id": "si_1", "price": price(), "plan": plan(), "quantity": 1}]}
    return _subscription(created=NOW, start_date=NOW, items=items)


def _line(**changes: Any) -> Json:
    return {
        "id": "il_1",
        "object": "line_item",
        "amount": 3000,
        "period": {"start": NOW, "end": NOW + MONTH},
        "subscription": "sub_1",
        "type": "subscription",
        **changes,
    }


def _invoice(**changes: Any) -> Json:
    return {
        "id": "in_1",
        "object": "invoice",
        "amount_due": 3000,
        "attempt_count": 1,
        "attempted": True,
        "currency": "usd",
        "customer": "cus_1",
        "customer_email": "ann@example.org",
        "metadata": {},
        "next_payment_attempt": None,
        "number": "ANN-0001",
        "paid": True,
        "subscription": "sub_1",
        "total": 3000,
        **changes,
    }


def invoice_2017(**changes: Any) -> Json:
    """No status, no amount paid; a line of a subscription has the subscription's id as its own."""
    line = _line(id="sub_1", subscription=None)
    told = _invoice(date=NOW, closed=True, charge="ch_1", lines={"data": [line]})
    return {**told, **changes}


def invoice_2020(**changes: Any) -> Json:
    return _invoice(
        amount_paid=3000,
        lines={"data": [_line()]},
        payment_intent="pi_9",
        status="paid",
        status_transitions={"finalized_at": NOW, "paid_at": NOW},
        **changes,
    )


def invoice_2022(**changes: Any) -> Json:
    """With the subscription's metadata beside its id."""
    said: Json = {
        "paid_out_of_band": False,
        "subscription_details": {"metadata": {}},
        **changes,
    }
    return {**invoice_2020(), **said}


STATUSES_BEFORE_2019: list[tuple[str, Json]] = [
    ("paid", {"paid": True}),
    ("open", {"attempted": True, "closed": False}),
    ("draft", {"attempted": False, "closed": False}),
]
