"""Time passes by the test clock: renewals, failures, retries, and what becomes of it all."""

from __future__ import annotations

from random import Random

import pytest
import stripe

from tests.web.sandbox.api.conftest import START, Sandbox
from tests.web.sandbox.api.subscribers import (
    ASKING,
    DECLINED,
    MONTH,
    Subscriber,
    invoice_of,
    item_of,
    secret_of,
    subscriber,
    untold,
)
from web.sandbox.render.versions import VERSIONS
from web.sandbox.truth.calendar import DAY, HOUR


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def renewal_fails(ada: Subscriber) -> stripe.Subscription:
    """A month was paid; the next one is declined."""
    ada.card()
    made = ada.subscribes("basic")
    ada.card(DECLINED)
    ada.passes(MONTH)
    return made


def test_a_test_clock_moves_the_world(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    clocks = ada.client.v1.test_helpers.test_clocks
    clock = clocks.create({"frozen_time": START, "name": "a month"})
    assert (clock.frozen_time, clock.status) == (START, "ready")

    clocks.advance(clock.id, {"frozen_time": START + MONTH + HOUR})

    assert clocks.retrieve(clock.id).frozen_time == START + MONTH + HOUR
    renewed = ada.now(made)
    assert item_of(renewed).current_period_start == item_of(made).current_period_end
    assert (invoice_of(renewed).status, invoice_of(renewed).amount_paid) == ("paid", 900)
    assert untold(ada.sandbox) == []
    with pytest.raises(stripe.InvalidRequestError, match="only be advanced to a later time"):
        clocks.advance(clock.id, {"frozen_time": START})


def test_a_week_is_a_period_too(ada: Subscriber) -> None:
    ada.card()
    weekly = ada.client.v1.prices.create(
        {
            "currency": "usd",
            "unit_amount": 300,
            "recurring": {"interval": "week"},
            "product_data": {"name": "weekly"},
        }
    )
    ada.plans["weekly"] = weekly.id
    made = ada.subscribes("weekly")
    assert item_of(made).current_period_end == START + 7 * DAY

    ada.passes(14 * DAY)

    assert item_of(ada.now(made)).current_period_end == START + 21 * DAY
    assert len(ada.client.v1.invoices.list({"subscription": made.id}).data) == 3
    assert untold(ada.sandbox) == []


def test_what_stripe_does_by_itself_is_no_calls_doing(ada: Subscriber) -> None:
    ada.card()
    ada.subscribes("basic")
    clock = ada.client.v1.test_helpers.test_clocks.create({"frozen_time": START})
    ada.client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START + 2 * MONTH})

    with ada.sandbox.world.turn() as truth:
        by_itself = [fact for fact in truth.facts if fact.at > START and "clock" not in fact.type]

    assert {fact.request for fact in by_itself} == {None}
    assert len({fact.at for fact in by_itself}) > 2


def test_every_version_tells_enough_of_a_long_story(ada: Subscriber) -> None:
    made = ada.subscribes("premium", payment_behavior="default_incomplete")
    ada.pays_in_the_page(secret_of(ada.now(made)))
    ada.card(ASKING)
    ada.passes(20 * DAY)
    waits = {"payment_behavior": "pending_if_incomplete", "proration_behavior": "always_invoice"}
    ada.changes(made, "yearly", **waits)
    ada.answers_the_bank(secret_of(ada.now(made)))
    ada.passes(20 * DAY)
    ada.changes(made, "starter")
    ada.card(DECLINED)
    ada.passes(12 * MONTH)
    ada.changes(made, "premium")
    assert invoice_of(ada.now(made)).starting_balance < -20000
    ada.passes(12 * MONTH)

    assert ada.now(made).status == "canceled"
    for version in VERSIONS:
        assert untold(ada.sandbox, version) == [], version
        assert untold(ada.sandbox, version, shuffled_and_doubled) == [], version


def shuffled_and_doubled(bodies: list[bytes]) -> list[bytes]:
    return Random(7).sample(bodies * 2, 2 * len(bodies))


def test_a_renewal_is_a_draft_for_an_hour(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    ada.sandbox.world.move(item_of(made).current_period_end - START)

    draft = invoice_of(ada.now(made))
    assert (draft.status, draft.billing_reason) == ("draft", "subscription_cycle")
    assert draft.id is not None
    final = ada.client.v1.invoices.finalize_invoice(draft.id)
    assert final.status == "open"
    ada.sandbox.world.move(HOUR)

    assert invoice_of(ada.now(made)).status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="already finalized"):
        ada.client.v1.invoices.finalize_invoice(draft.id)
    assert untold(ada.sandbox) == []


def test_a_failed_renewal_is_tried_again_until_it_is_given_up(ada: Subscriber) -> None:
    made = renewal_fails(ada)
    late = ada.now(made)
    assert late.status == "past_due"
    assert invoice_of(late).attempt_count == 1
    assert invoice_of(late).next_payment_attempt is not None
    assert ada.client.v1.customers.retrieve(ada.id).delinquent
    assert untold(ada.sandbox) == []

    ada.passes(9 * DAY)

    gone = ada.now(made)
    assert gone.status == "canceled"
    assert gone.cancellation_details is not None
    assert gone.cancellation_details.reason == "payment_failed"
    assert invoice_of(gone).attempt_count == 4
    assert ada.sandbox.told.count("invoice.payment_failed") == 4
    assert untold(ada.sandbox) == []


def test_a_new_card_in_time_is_charged_by_the_next_retry(ada: Subscriber) -> None:
    made = renewal_fails(ada)
    ada.card()

    ada.passes(2 * DAY)

    assert ada.now(made).status == "active"
    assert not ada.client.v1.customers.retrieve(ada.id).delinquent
    assert untold(ada.sandbox) == []


def test_a_bill_can_be_paid_by_the_call_or_in_the_page(ada: Subscriber) -> None:
    made = renewal_fails(ada)
    bill = invoice_of(ada.now(made)).id
    with pytest.raises(stripe.CardError) as declined:
        ada.client.v1.invoices.pay(bill)
    assert declined.value.code == "card_declined"
    assert invoice_of(ada.now(made)).attempt_count == 1

    ada.pays_in_the_page(secret_of(ada.now(made)))

    assert ada.now(made).status == "active"
    assert untold(ada.sandbox) == []
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        ada.client.v1.invoices.pay(bill)


def test_another_card_pays_once_by_the_call(ada: Subscriber) -> None:
    made = renewal_fails(ada)
    card = ada.card(default=False)

    paid = ada.client.v1.invoices.pay(invoice_of(ada.now(made)).id, {"payment_method": card})

    assert paid.status == "paid"
    assert ada.now(made).status == "active"
    assert ada.now(made).default_payment_method is None
    assert untold(ada.sandbox) == []


def test_a_bill_paid_elsewhere_counts_as_paid(ada: Subscriber) -> None:
    made = renewal_fails(ada)

    bill = invoice_of(ada.now(made)).id
    paid = ada.client.v1.invoices.pay(bill, {"paid_out_of_band": True})

    assert paid.status == "paid"
    assert ada.now(made).status == "active"
    assert untold(ada.sandbox) == []


def test_a_bank_that_asks_keeps_a_renewal_open_until_it_is_answered(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    ada.card(ASKING)
    ada.passes(MONTH)
    assert ada.now(made).status == "past_due"

    with pytest.raises(stripe.CardError) as asks:
        ada.client.v1.invoices.pay(invoice_of(ada.now(made)).id)
    assert asks.value.code == "invoice_payment_intent_requires_action"
    assert "invoice.payment_action_required" in ada.sandbox.told
    ada.answers_the_bank(secret_of(ada.now(made)))

    assert ada.now(made).status == "active"
    assert untold(ada.sandbox) == []
