"""Subscriptions begin, are paid for, or are not, and end, as Stripe's do."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.web.sandbox.api.conftest import START, Sandbox
from tests.web.sandbox.api.subscribers import (
    DECLINED,
    MONTH,
    REFUSED,
    Subscriber,
    invoice_of,
    item_of,
    secret_of,
    subscriber,
    untold,
)
from web.sandbox.truth.calendar import DAY, HOUR

OPEN = {"payment_behavior": "default_incomplete", "expand": ["latest_invoice.confirmation_secret"]}


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def test_with_a_saved_card_it_is_active_and_paid_at_once(ada: Subscriber) -> None:
    card = ada.card()

    made = ada.subscribes("basic", quantity=3, metadata={"cart_id": "c1"})

    assert made.status == "active"
    assert made.metadata.to_dict() == {"cart_id": "c1"}
    item = item_of(made)
    assert (item.quantity, item.price.id) == (3, ada.plans["basic"])
    assert item.current_period_start == START
    assert START + 27 * DAY < item.current_period_end <= START + MONTH
    invoice = invoice_of(ada.now(made))
    assert (invoice.status, invoice.amount_paid) == ("paid", 2700)
    assert card
    assert untold(ada.sandbox) == []


def test_a_free_plan_needs_no_card_and_has_a_paid_invoice_of_nothing(ada: Subscriber) -> None:
    made = ada.subscribes("starter")

    assert made.status == "active"
    invoice = invoice_of(ada.now(made))
    assert (invoice.status, invoice.amount_due, invoice.total) == ("paid", 0, 0)
    assert invoice.confirmation_secret is None
    assert "payment_intent.created" not in ada.sandbox.told
    ada.passes(MONTH)
    assert ada.now(made).status == "active"
    assert untold(ada.sandbox) == []


def test_left_incomplete_it_becomes_active_when_the_page_pays(ada: Subscriber) -> None:
    keeps: dict[str, Any] = {"save_default_payment_method": "on_subscription"}
    made = ada.subscribes("premium", payment_settings=keeps, **OPEN)
    assert (made.status, invoice_of(made).status) == ("incomplete", "open")
    assert ada.sandbox.told.count("customer.subscription.updated") == 0

    ada.pays_in_the_page(secret_of(made))

    paid = ada.now(made)
    assert (paid.status, invoice_of(paid).amount_paid) == ("active", 2900)
    assert paid.default_payment_method is not None
    assert ada.sandbox.told.count("invoice.paid") == 1
    assert ada.sandbox.told.count("invoice_payment.paid") == 1
    ada.passes(MONTH)
    assert invoice_of(ada.now(made)).billing_reason == "subscription_cycle"
    assert invoice_of(ada.now(made)).status == "paid"
    assert untold(ada.sandbox) == []


def test_a_card_declined_in_the_page_leaves_it_incomplete_for_another(ada: Subscriber) -> None:
    made = ada.subscribes("premium", **OPEN)

    with pytest.raises(stripe.CardError):
        ada.pays_in_the_page(secret_of(made), REFUSED)
    assert ada.now(made).status == "incomplete"
    assert "invoice.payment_failed" in ada.sandbox.told
    ada.pays_in_the_page(secret_of(made))

    assert ada.now(made).status == "active"
    assert untold(ada.sandbox) == []


def test_nobody_paying_within_23_hours_lets_it_expire(ada: Subscriber) -> None:
    made = ada.subscribes("premium", **OPEN)

    ada.sandbox.world.move(23 * HOUR - 1)
    assert ada.now(made).status == "incomplete"
    ada.sandbox.world.move(1)

    expired = ada.now(made)
    assert (expired.status, invoice_of(expired).status) == ("incomplete_expired", "void")
    assert "payment_intent.canceled" in ada.sandbox.told
    assert untold(ada.sandbox) == []


def test_a_declined_saved_card_leaves_it_incomplete(ada: Subscriber) -> None:
    ada.card(DECLINED)

    made = ada.subscribes("basic")

    assert made.status == "incomplete"
    invoice = invoice_of(ada.now(made))
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert untold(ada.sandbox) == []


def test_a_declined_card_is_refused_where_that_is_asked_for(ada: Subscriber) -> None:
    ada.card(DECLINED)

    with pytest.raises(stripe.CardError) as declined:
        ada.subscribes("basic", payment_behavior="error_if_incomplete")

    assert declined.value.code == "card_declined"
    assert ada.client.v1.subscriptions.list({"status": "all"}).data == []


def test_a_price_without_a_card_is_refused(ada: Subscriber) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source") as refused:
        ada.subscribes("basic")
    assert refused.value.code == "resource_missing"


def test_what_stripe_would_refuse_is_refused(ada: Subscriber) -> None:
    stranger = subscriber(ada.sandbox).card()
    two: Any = [{"price": ada.plans["basic"]}, {"price": ada.plans["premium"]}]

    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        ada.subscribes("basic", default_payment_method=stranger)
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: plans"):
        ada.subscribes("basic", plans="basic")
    with pytest.raises(stripe.InvalidRequestError, match="exactly one item, not of 2"):
        ada.client.v1.subscriptions.create({"customer": ada.id, "items": two})
    with pytest.raises(stripe.InvalidRequestError, match="No such price"):
        ada.client.v1.subscriptions.create({"customer": ada.id, "items": [{"price": "price_0"}]})
    with pytest.raises(stripe.InvalidRequestError, match="Invalid collection_method"):
        ada.subscribes("basic", collection_method="send_invoice")
    ada.client.v1.prices.update(ada.plans["premium"], {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="The price specified is inactive"):
        ada.subscribes("premium")
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        ada.client.v1.subscriptions.create({"customer": "cus_0", "items": two[:1]})


def test_a_trial_with_a_card_is_paid_for_when_it_ends(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("premium", trial_period_days=14)
    assert (made.status, made.trial_end) == ("trialing", START + 14 * DAY)
    assert invoice_of(ada.now(made)).amount_due == 0
    assert untold(ada.sandbox) == []

    ada.passes(14 * DAY)

    paid = ada.now(made)
    assert (paid.status, invoice_of(paid).amount_paid) == ("active", 2900)
    assert "customer.subscription.trial_will_end" in ada.sandbox.told
    assert untold(ada.sandbox) == []


@pytest.mark.parametrize(
    ("behavior", "status"), [("pause", "paused"), ("cancel", "canceled")], ids=["pause", "cancel"]
)
def test_a_trial_without_a_card_ends_as_was_asked(
    ada: Subscriber, behavior: str, status: str
) -> None:
    ends: Any = {"end_behavior": {"missing_payment_method": behavior}}
    made = ada.subscribes("premium", trial_period_days=14, trial_settings=ends)

    ada.passes(14 * DAY)

    assert ada.now(made).status == status
    assert untold(ada.sandbox) == []


def test_a_trial_without_a_card_is_billed_in_vain_and_given_up(ada: Subscriber) -> None:
    made = ada.subscribes("premium", trial_period_days=14)

    ada.passes(14 * DAY)
    assert ada.now(made).status == "past_due"
    ada.passes(10 * DAY)

    assert ada.now(made).status == "canceled"
    assert untold(ada.sandbox) == []


def test_a_paused_one_goes_on_when_a_new_period_is_paid(ada: Subscriber) -> None:
    ends: Any = {"end_behavior": {"missing_payment_method": "pause"}}
    made = ada.subscribes("premium", trial_period_days=14, trial_settings=ends)
    ada.passes(14 * DAY)
    ada.card()

    resumed = ada.client.v1.subscriptions.resume(made.id)

    assert resumed.status == "active"
    assert "customer.subscription.resumed" in ada.sandbox.told
    assert invoice_of(ada.now(made)).amount_paid == 2900
    assert untold(ada.sandbox) == []
    with pytest.raises(stripe.InvalidRequestError, match="has status active"):
        ada.client.v1.subscriptions.resume(made.id)


def test_a_customer_is_billed_in_one_currency(ada: Subscriber) -> None:
    ada.subscribes("starter")
    euros = ada.client.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "week"},
            "product_data": {"name": "weekly"},
        }
    )

    with pytest.raises(stripe.InvalidRequestError, match="cannot combine currencies"):
        ada.client.v1.subscriptions.create({"customer": ada.id, "items": [{"price": euros.id}]})


def test_a_card_that_is_kept_no_more_is_charged_no_more(ada: Subscriber) -> None:
    card = ada.card(default=False)
    made = ada.subscribes("basic", default_payment_method=card)
    ada.client.v1.payment_methods.detach(card)

    ada.passes(MONTH)

    assert ada.now(made).status == "past_due"
    assert "charge.failed" not in ada.sandbox.told
    assert untold(ada.sandbox) == []


def test_a_customer_who_is_deleted_is_billed_no_more(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")

    ada.client.v1.customers.delete(ada.id)

    assert ada.now(made).status == "canceled"
    assert untold(ada.sandbox) == []


def test_the_same_wish_with_the_same_key_is_one_subscription(ada: Subscriber) -> None:
    wish: Any = {"customer": ada.id, "items": [{"price": ada.plans["starter"]}]}
    key: stripe.RequestOptions = {"idempotency_key": "subscribe-1"}

    one, same = (ada.client.v1.subscriptions.create(wish, key) for _ in range(2))

    assert one.id == same.id
    assert len(ada.client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_lists_leave_out_what_was_canceled_unless_asked(ada: Subscriber) -> None:
    gone, stays = ada.subscribes("starter"), ada.subscribes("starter")
    ada.client.v1.subscriptions.cancel(gone.id)

    def listed(wanted: Any) -> list[str]:
        return [each.id for each in ada.client.v1.subscriptions.list(wanted).data]

    assert listed({"customer": ada.id}) == [stays.id]
    assert listed({"status": "all"}) == [stays.id, gone.id]
    assert listed({"status": "canceled"}) == listed({"status": "ended"}) == [gone.id]
    assert listed({"price": ada.plans["basic"]}) == []
