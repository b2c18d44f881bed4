"""Who leaves stays until the period ends, may think better of it, or goes at once."""

from __future__ import annotations

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox
from tests.web.sandbox.api.subscribers import (
    MONTH,
    Subscriber,
    invoice_of,
    item_of,
    subscriber,
    untold,
)

OPEN = "default_incomplete"


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def test_who_leaves_at_the_end_of_the_period_stays_until_then(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")

    leaving = ada.client.v1.subscriptions.update(made.id, {"cancel_at_period_end": True})

    assert (leaving.status, leaving.cancel_at) == ("active", item_of(made).current_period_end)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        ada.client.v1.invoices.create_preview({"subscription": made.id})
    assert refused.value.code == "invoice_upcoming_none"
    ada.passes(MONTH)
    gone = ada.now(made)
    assert (gone.status, gone.ended_at) == ("canceled", leaving.cancel_at)
    assert untold(ada.sandbox) == []
    with pytest.raises(stripe.InvalidRequestError, match="A canceled subscription can only"):
        ada.changes(made, "premium")
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        ada.client.v1.subscriptions.cancel(made.id)


def test_who_thinks_better_of_it_is_billed_again(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    ada.client.v1.subscriptions.update(made.id, {"cancel_at_period_end": True})

    stays = ada.client.v1.subscriptions.update(made.id, {"cancel_at_period_end": False})

    assert (stays.cancel_at, stays.canceled_at) == (None, None)
    ada.passes(MONTH)
    assert ada.now(made).status == "active"
    assert invoice_of(ada.now(made)).billing_reason == "subscription_cycle"
    assert untold(ada.sandbox) == []


def test_canceled_now_it_ends_now(ada: Subscriber) -> None:
    ada.card()
    made, waiting = ada.subscribes("basic"), ada.subscribes("basic", payment_behavior=OPEN)

    assert ada.client.v1.subscriptions.cancel(made.id).status == "canceled"
    assert ada.client.v1.subscriptions.cancel(waiting.id).status == "incomplete_expired"

    assert "customer.subscription.deleted" in ada.sandbox.told
    assert untold(ada.sandbox) == []
