"""Subscriptions begin and change by the card that is there, or wait for their payer in the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.money import Money
from ledger.providers.outbound import (
    Destination,
    NewSubscription,
    OpenSubscription,
    PlanChange,
    Preview,
)
from ledger.providers.problems import CardDeclined, ProviderBadRequest
from tests.ledger.providers.stripe.outbound.objects import PERIOD_END, bill, subscription
from tests.ledger.providers.stripe.outbound.scripted import Script

ENDS = datetime.fromtimestamp(PERIOD_END, UTC)
NEW = NewSubscription("cus_1", "price_basic", 2, {"user_id": "ann"})
BY_CARD = NewSubscription("cus_1", "price_basic", 2, {"user_id": "ann"}, card_id="pm_1")
CHANGE = PlanChange("sub_1", "price_pro", 3, card_id="pm_2")


def test_without_a_card_the_first_bill_waits_in_the_page(stripe: Script) -> None:
    stripe.then(200, subscription(status="incomplete", latest_invoice=bill()))

    begun = stripe.outbound().subscribe("key", NEW)

    assert begun == OpenSubscription(
        "sub_1", "incomplete", "price_basic", 1, "pi_1_secret", None, ENDS, Money(2000, "usd")
    )
    [asked] = stripe.asked
    assert asked.form == {
        "customer": "cus_1",
        "items[0][price]": "price_basic",
        "items[0][quantity]": "2",
        "metadata[user_id]": "ann",
        "payment_settings[save_default_payment_method]": "on_subscription",
        "payment_behavior": "default_incomplete",
        "expand[0]": "latest_invoice.confirmation_secret",
    }


def test_a_saved_card_pays_at_once_and_a_paid_bill_has_no_secret(stripe: Script) -> None:
    stripe.then(200, subscription(latest_invoice=bill("paid")))

    assert stripe.outbound().subscribe("key", BY_CARD).client_secret is None

    [asked] = stripe.asked
    assert asked.form["default_payment_method"] == "pm_1"
    assert asked.form["payment_behavior"] == "error_if_incomplete"


def test_a_declined_card_begins_nothing(stripe: Script) -> None:
    stripe.declines(decline_code="do_not_honor")

    with pytest.raises(CardDeclined):
        stripe.outbound().subscribe("key", BY_CARD)

    assert len(stripe.asked) == 1


@pytest.mark.parametrize(
    "code", ["authentication_required", "subscription_payment_intent_requires_action"]
)
def test_a_card_whose_holder_has_to_be_asked_waits_in_the_page(code: str, stripe: Script) -> None:
    stripe.declines(code=code)
    stripe.then(200, subscription(status="incomplete", latest_invoice=bill()))

    assert stripe.outbound().subscribe("key", BY_CARD).client_secret == "pi_1_secret"

    first, second = stripe.asked
    assert (first.key, second.key) == ("key", "key:in-page")
    assert second.form["payment_behavior"] == "default_incomplete"
    assert second.form["default_payment_method"] == "pm_1"


def test_trials_and_destinations_are_passed_on(stripe: Script) -> None:
    stripe.then(200, subscription(status="trialing"))
    new = NewSubscription("cus_1", "p", 1, {}, trial_days=14, destination=Destination("acct_9"))

    stripe.outbound().subscribe("key", new)

    [asked] = stripe.asked
    assert asked.form["trial_period_days"] == "14"
    assert asked.form["transfer_data[destination]"] == "acct_9"


def test_a_fee_of_so_much_a_bill_is_not_promised(stripe: Script) -> None:
    new = NewSubscription("cus_1", "p", 1, {}, destination=Destination("acct_9", fee_minor=100))

    with pytest.raises(ProviderBadRequest, match="percentage"):
        stripe.outbound().subscribe("key", new)

    assert stripe.asked == []


def test_a_change_is_billed_at_once(stripe: Script) -> None:
    stripe.then(200, subscription())
    stripe.then(200, subscription(latest_invoice=bill("paid")))

    stripe.outbound().change_plan("key", CHANGE)

    _, change = stripe.asked
    assert (change.path, change.key) == ("/v1/subscriptions/sub_1", "key")
    assert change.form == {
        "items[0][id]": "si_1",
        "items[0][price]": "price_pro",
        "items[0][quantity]": "3",
        "proration_behavior": "always_invoice",
        "payment_behavior": "error_if_incomplete",
        "default_payment_method": "pm_2",
        "expand[0]": "latest_invoice.confirmation_secret",
    }


def test_a_change_whose_payer_has_to_be_asked_waits_with_its_card(stripe: Script) -> None:
    stripe.then(200, subscription())
    stripe.declines(code="authentication_required")
    stripe.then(200, subscription())
    stripe.then(200, subscription(latest_invoice=bill()))

    changed = stripe.outbound().change_plan("key", CHANGE)

    assert (changed.price_id, changed.client_secret) == ("price_basic", "pi_1_secret")
    _, _, card, change = stripe.asked
    assert (card.key, change.key) == ("key:card", "key:in-page")
    assert card.form["default_payment_method"] == "pm_2"
    assert change.form["payment_behavior"] == "pending_if_incomplete"
    assert "default_payment_method" not in change.form


@pytest.mark.parametrize("status", ["past_due", "unpaid"])
def test_time_nobody_paid_for_is_given_no_credit_for(status: str, stripe: Script) -> None:
    for _ in range(3):
        stripe.then(200, subscription(status=status))
    outbound = stripe.outbound()

    outbound.change_plan("key", CHANGE)
    preview = outbound.preview_change(CHANGE)

    assert stripe.asked[1].form["proration_behavior"] == "none"
    assert preview == Preview("usd", 0, ())


@pytest.mark.parametrize(
    ("prorated", "paid_for", "asked"),
    [(True, True, "always_invoice"), (True, False, "none"), (False, True, "none")],
)
def test_while_a_bill_is_unpaid_credit_is_given_where_the_time_is_known_to_be_paid_for(
    prorated: bool, paid_for: bool, asked: str, stripe: Script
) -> None:
    for _ in range(2):
        stripe.then(200, subscription(status="past_due"))
    change = PlanChange("sub_1", "price_free", 1, prorated=prorated, paid_for=paid_for)

    stripe.outbound().change_plan("key", change)

    assert stripe.asked[1].form["proration_behavior"] == asked


def test_what_is_paid_until_some_time_is_not_billed_before(stripe: Script) -> None:
    for _ in range(2):
        stripe.then(200, subscription())
    change = PlanChange("sub_1", "price_pro", 1, prorated=False, paid_until=ENDS)

    stripe.outbound().change_plan("key", change)

    assert stripe.asked[1].form["trial_end"] == str(PERIOD_END)
    assert stripe.asked[1].form["proration_behavior"] == "none"


def test_a_subscription_that_ended_already_stays_ended(stripe: Script) -> None:
    gone = {"type": "invalid_request_error", "code": "resource_missing", "message": "gone"}
    stripe.then(404, {"error": gone})
    stripe.then(200, subscription(status="canceled"))

    assert stripe.outbound().cancel("key", "sub_1", at_period_end=False).status == "canceled"


def test_what_is_set_to_end_says_when(stripe: Script) -> None:
    stripe.then(200, subscription(cancel_at_period_end=True))
    stripe.then(200, subscription(cancel_at=PERIOD_END - 60))
    outbound = stripe.outbound()

    assert outbound.cancel("key", "sub_1", at_period_end=True).cancel_at == ENDS
    assert outbound.subscription("sub_1").cancel_at == datetime.fromtimestamp(PERIOD_END - 60, UTC)
    assert stripe.asked[0].form["cancel_at_period_end"] == "true"
