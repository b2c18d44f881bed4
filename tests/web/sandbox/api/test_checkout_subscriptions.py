"""A visit to Checkout begins a subscription, which goes on like any other."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.web.sandbox.api.conftest import START, Sandbox
from tests.web.sandbox.api.subscribers import (
    MONTH,
    Subscriber,
    invoice_of,
    item_of,
    subscriber,
    untold,
)
from web.sandbox.truth.calendar import DAY


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def visits(ada: Subscriber, plan: str, **more: Any) -> stripe.Subscription:
    """The subscription that comes of a visit, with its newest invoice."""
    params: Any = {
        "mode": "subscription",
        "customer": ada.id,
        "line_items": [{"price": ada.plans[plan], "quantity": 2}],
        "success_url": "https://shop.example/thanks",
        "subscription_data": {"metadata": {"cart_id": "c1"}, **more},
    }
    visit = ada.client.v1.checkout.sessions.create(params)
    ada.client.raw_request("post", f"/sandbox/checkout/sessions/{visit.id}/pay")
    done = ada.client.v1.checkout.sessions.retrieve(visit.id, {"expand": ["subscription"]})
    assert isinstance(done.subscription, stripe.Subscription)
    return ada.now(done.subscription)


def test_what_was_paid_there_is_a_subscription_that_renews_itself(ada: Subscriber) -> None:
    made = visits(ada, "basic")

    assert (made.status, item_of(made).quantity) == ("active", 2)
    assert made.metadata.to_dict() == {"cart_id": "c1"}
    assert invoice_of(made).amount_paid == 1800
    assert untold(ada.sandbox) == []
    ada.passes(MONTH)
    assert invoice_of(ada.now(made)).billing_reason == "subscription_cycle"
    assert invoice_of(ada.now(made)).status == "paid"
    assert untold(ada.sandbox) == []


def test_a_trial_begun_there_is_paid_for_when_it_ends(ada: Subscriber) -> None:
    made = visits(ada, "premium", trial_period_days=7)

    assert (made.status, made.trial_end) == ("trialing", START + 7 * DAY)
    ada.passes(7 * DAY)
    assert invoice_of(ada.now(made)).amount_paid == 5800
    assert untold(ada.sandbox) == []
