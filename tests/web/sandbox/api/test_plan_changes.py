"""Another plan is prorated as it was previewed, and a free one leaves a credit and no bill."""

from __future__ import annotations

import re
from typing import Any

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
from web.sandbox.truth.calendar import DAY, HOUR

AT_ONCE = {"proration_behavior": "always_invoice"}


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def preview(ada: Subscriber, subscription: stripe.Subscription, plan: str, **more: Any) -> Any:
    items = [{"id": item_of(subscription)["id"], "price": ada.plans[plan]}]
    params: Any = {
        "subscription": subscription.id,
        "subscription_details": {"items": items, **more},
    }
    return ada.client.v1.invoices.create_preview(params)


def half_a_month(subscription: stripe.Subscription) -> int:
    item = item_of(subscription)
    return int(item.current_period_end - item.current_period_start) // 2


def test_an_upgrade_billed_at_once_costs_what_its_preview_said(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    ada.sandbox.world.move(half_a_month(made))
    told = len(ada.sandbox.told)
    foreseen = preview(ada, made, "premium", **AT_ONCE)
    assert len(ada.sandbox.told) == told
    assert [line.amount for line in foreseen.lines.data] == [-450, 1450]
    unused, remaining = (line.description for line in foreseen.lines.data)
    assert re.fullmatch(r"Unused time on basic after \d+ [A-Z][a-z]+ \d{4}", unused)
    assert remaining.startswith("Remaining time on premium after ")
    assert foreseen.lines.data[0].parent.subscription_item_details.proration
    assert foreseen.amount_due == 1000

    changed = ada.changes(made, "premium", **AT_ONCE)

    assert item_of(changed).price.id == ada.plans["premium"]
    assert item_of(changed).current_period_end == item_of(made).current_period_end
    invoice = invoice_of(ada.now(made))
    assert (invoice.billing_reason, invoice.status) == ("subscription_update", "paid")
    assert invoice.amount_paid == 1000
    assert ada.sandbox.told.count("customer.subscription.updated") == 2  # active, and changed
    ada.passes(half_a_month(made))
    assert invoice_of(ada.now(made)).amount_paid == 2900
    assert untold(ada.sandbox) == []


def test_an_upgrade_is_otherwise_billed_with_the_next_period(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    ada.sandbox.world.move(half_a_month(made))
    foreseen = preview(ada, made, "premium")
    assert [line.amount for line in foreseen.lines.data] == [-450, 1450, 2900]

    ada.changes(made, "premium")

    assert invoice_of(ada.now(made)).billing_reason == "subscription_create"
    ada.passes(half_a_month(made))
    assert invoice_of(ada.now(made)).amount_paid == foreseen.amount_due == 3900
    assert untold(ada.sandbox) == []


def test_a_downgrade_to_the_free_plan_leaves_a_credit_and_no_bill(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("premium")
    ada.sandbox.world.move(half_a_month(made))
    foreseen = preview(ada, made, "starter")

    changed = ada.changes(made, "starter")

    invoice = invoice_of(ada.now(made))
    assert (invoice.total, invoice.amount_due, invoice.status) == (-1450, 0, "paid")
    assert (foreseen.total, foreseen.amount_due) == (-1450, 0)
    assert ada.client.v1.customers.retrieve(ada.id).balance == -1450
    assert item_of(changed).current_period_start == START + half_a_month(made)
    paid = ada.sandbox.told.count("payment_intent.succeeded")
    ada.passes(2 * MONTH)
    assert invoice_of(ada.now(made)).amount_due == 0
    assert ada.sandbox.told.count("payment_intent.succeeded") == paid
    assert untold(ada.sandbox) == []


def test_back_from_the_free_plan_the_credit_is_used_and_the_period_begins_anew(
    ada: Subscriber,
) -> None:
    ada.card()
    made = ada.subscribes("premium")
    ada.sandbox.world.move(half_a_month(made))
    ada.changes(made, "starter")
    ada.sandbox.world.move(DAY)

    again = ada.changes(made, "premium")

    invoice = invoice_of(ada.now(made))
    assert (invoice.total, invoice.amount_paid, invoice.starting_balance) == (2900, 1450, -1450)
    assert item_of(again).current_period_start == START + half_a_month(made) + DAY
    assert ada.client.v1.customers.retrieve(ada.id).balance == 0
    assert untold(ada.sandbox) == []


def test_a_yearly_plan_begins_a_year_at_once(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("premium")
    ada.sandbox.world.move(half_a_month(made))

    changed = ada.changes(made, "yearly")

    assert item_of(changed).current_period_end > START + half_a_month(made) + 364 * DAY
    assert invoice_of(ada.now(made)).amount_paid == 29000 - 1450
    assert untold(ada.sandbox) == []


def test_an_upgrade_without_a_card_is_refused_or_left_for_the_page(ada: Subscriber) -> None:
    made = ada.subscribes("starter")
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        ada.changes(made, "premium")
    assert item_of(ada.now(made)).price.id == ada.plans["starter"]

    ada.changes(made, "premium", payment_behavior="default_incomplete")
    waiting = ada.now(made)
    assert (waiting.status, invoice_of(waiting).status) == ("past_due", "open")
    ada.pays_in_the_page(secret_of(waiting))

    assert ada.now(made).status == "active"
    assert invoice_of(ada.now(made)).amount_paid == 2900
    assert untold(ada.sandbox) == []


def test_an_upgrade_with_a_card_that_declines_is_past_due_or_refused(ada: Subscriber) -> None:
    made = ada.subscribes("starter")
    ada.card(DECLINED)
    with pytest.raises(stripe.CardError):
        ada.changes(made, "premium", payment_behavior="error_if_incomplete")
    assert item_of(ada.now(made)).price.id == ada.plans["starter"]

    changed = ada.changes(made, "premium")

    assert (changed.status, item_of(changed).price.id) == ("past_due", ada.plans["premium"])
    assert untold(ada.sandbox) == []


def test_a_change_may_wait_until_its_bill_is_paid_in_the_page(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    ada.card(ASKING)
    with pytest.raises(stripe.CardError) as asks:
        ada.changes(made, "premium", payment_behavior="error_if_incomplete", **AT_ONCE)
    assert asks.value.code == "subscription_payment_intent_requires_action"

    waiting = ada.changes(made, "premium", payment_behavior="pending_if_incomplete", **AT_ONCE)
    assert (waiting.status, item_of(waiting).price.id) == ("active", ada.plans["basic"])
    assert waiting.pending_update.subscription_items[0].price.id == ada.plans["premium"]
    assert untold(ada.sandbox) == []
    ada.answers_the_bank(secret_of(ada.now(made)))

    changed = ada.now(made)
    assert (item_of(changed).price.id, changed.pending_update) == (ada.plans["premium"], None)
    assert "customer.subscription.pending_update_applied" in ada.sandbox.told
    assert untold(ada.sandbox) == []


def test_a_change_nobody_pays_for_is_dropped_after_23_hours(ada: Subscriber) -> None:
    ada.card(DECLINED)
    made = ada.subscribes("starter")
    ada.changes(made, "premium", payment_behavior="pending_if_incomplete")

    ada.sandbox.world.move(23 * HOUR)

    kept = ada.now(made)
    assert (item_of(kept).price.id, kept.pending_update) == (ada.plans["starter"], None)
    assert invoice_of(kept).status == "void"
    assert "customer.subscription.pending_update_expired" in ada.sandbox.told
    ada.passes(2 * MONTH)
    assert ada.now(made).status == "active"
    assert untold(ada.sandbox) == []


def test_a_change_that_could_wait_is_made_at_once_if_it_is_paid(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("starter")

    changed = ada.changes(made, "premium", payment_behavior="pending_if_incomplete")

    assert (item_of(changed).price.id, changed.pending_update) == (ada.plans["premium"], None)
    assert ada.sandbox.told.count("customer.subscription.updated") == 1
    ada.passes(MONTH)
    assert invoice_of(ada.now(made)).billing_reason == "subscription_cycle"
    assert untold(ada.sandbox) == []


def test_a_new_card_metadata_and_quantity_come_in_one_step(ada: Subscriber) -> None:
    made = ada.subscribes("starter")
    card = ada.card(default=False)

    changed = ada.changes(
        made, "premium", default_payment_method=card, metadata={"slot": "plan"}, **AT_ONCE
    )

    assert changed.status == "active"
    assert (changed.default_payment_method, changed.metadata["slot"]) == (card, "plan")
    assert ada.sandbox.told.count("customer.subscription.updated") == 1
    one = ada.client.v1.subscription_items.update(
        item_of(made)["id"], {"quantity": 2, "proration_behavior": "none"}
    )
    assert one.quantity == 2
    assert invoice_of(ada.now(made)).amount_paid == 2900
    assert untold(ada.sandbox) == []


def test_time_may_be_counted_from_another_moment_of_the_period(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic")
    since = START + half_a_month(made)

    foreseen = preview(ada, made, "premium", proration_date=since, **AT_ONCE)
    ada.changes(made, "premium", proration_date=since, **AT_ONCE)

    assert foreseen.amount_due == invoice_of(ada.now(made)).amount_paid == 1000
    with pytest.raises(stripe.InvalidRequestError, match="within the current billing period"):
        ada.changes(made, "basic", proration_date=START - 1)


def test_nothing_new_tells_nothing(ada: Subscriber) -> None:
    made = ada.subscribes("starter")
    told = len(ada.sandbox.told)

    ada.changes(made, "starter")

    assert len(ada.sandbox.told) == told


def test_the_preview_of_a_subscription_nobody_has(ada: Subscriber) -> None:
    foreseen = ada.client.v1.invoices.create_preview(
        {
            "customer": ada.id,
            "subscription_details": {"items": [{"price": ada.plans["premium"], "quantity": 2}]},
        }
    )
    assert (foreseen.amount_due, foreseen.billing_reason) == (5800, "subscription_create")
    assert ada.client.v1.invoices.list().data == []


def test_a_plan_that_is_paid_until_some_time_is_not_billed_before(sandbox: Sandbox) -> None:
    ann = subscriber(sandbox)
    ann.card()
    begun = ann.subscribes("starter")
    until = sandbox.world.now + 10 * DAY

    changed = ann.changes(begun, "premium", trial_end=until, proration_behavior="none")
    before = len(ann.client.v1.invoices.list({"customer": ann.id}).data)
    ann.passes(9 * DAY)
    unbilled = len(ann.client.v1.invoices.list({"customer": ann.id}).data)
    ann.passes(DAY)

    assert (changed.status, changed.trial_end) == ("trialing", until)
    assert item_of(changed)["current_period_end"] == until
    assert before == unbilled
    newest = ann.client.v1.invoices.list({"customer": ann.id}).data[0]
    assert (newest.amount_paid, ann.now(begun).status) == (2900, "active")
    assert untold(sandbox) == []


def test_a_trial_does_not_end_in_the_past(sandbox: Sandbox) -> None:
    ann = subscriber(sandbox)
    begun = ann.subscribes("starter")

    with pytest.raises(stripe.InvalidRequestError, match="trial_end"):
        ann.changes(begun, "premium", trial_end=sandbox.world.now - DAY)
