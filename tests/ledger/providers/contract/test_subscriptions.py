"""Every provider begins, changes, ends and renews subscriptions as the ledger asks it to."""

from __future__ import annotations

import pytest

from ledger.money import Money
from ledger.observations import InvoiceObserved, Plan, SubscriptionObserved
from ledger.providers.outbound import NewSubscription, PlanChange
from ledger.providers.problems import CardDeclined
from ledger.snapshots import newest
from tests.ledger.providers.contract.provider import ANN, Provider, card_of, plan, said

FOR_ANN = {"user_id": "ann", "cart_id": "cart_1"}


def standing(provider: Provider, subscription_id: str) -> Plan:
    """How the webhooks so far leave a subscription."""
    known = None
    for seen in said(provider):
        if isinstance(seen, SubscriptionObserved) and seen.subscription_id == subscription_id:
            known = newest(known, seen.snapshot)
    assert known is not None
    return known.state


def bills(provider: Provider, subscription_id: str) -> list[Money]:
    """What was paid for it, bill by bill."""
    found = {
        seen.invoice_id: seen.snapshot.state
        for seen in said(provider)
        if isinstance(seen, InvoiceObserved) and seen.snapshot.state.status == "paid"
    }
    return [it.paid for it in found.values() if it.subscription_id == subscription_id]


def test_a_saved_card_pays_the_first_bill(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    card = card_of(provider, customer)
    new = NewSubscription(customer, plan(provider, "basic", 1000), 2, FOR_ANN, card)

    begun = provider.outbound.subscribe("sub", new)

    assert (begun.status, begun.quantity, begun.client_secret) == ("active", 2, None)
    assert begun.price_id == new.price_id
    assert begun.ends_period_at is not None
    assert begun.ends_period_at > provider.now
    assert provider.outbound.subscription(begun.id) == begun
    assert provider.outbound.subscribe("sub", new) == begun
    told = standing(provider, begun.id)
    assert (told.status, told.quantity, told.features) == ("active", 2, ("basic",))
    assert (told.payer.user_id, told.cart_id) == ("ann", "cart_1")
    assert told.period is not None
    assert told.period.end == begun.ends_period_at
    assert bills(provider, begun.id) == [Money(2000, "usd")]


def test_without_a_card_the_first_bill_is_paid_in_the_page(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    new = NewSubscription(customer, plan(provider, "basic", 1000), 1, FOR_ANN)

    begun = provider.outbound.subscribe("sub", new)
    assert (begun.status, bool(begun.client_secret)) == ("incomplete", True)
    assert begun.due == Money(1000, "usd")
    assert bills(provider, begun.id) == []
    provider.pay_first_bill(begun)

    now = provider.outbound.subscription(begun.id)
    assert (now.status, now.client_secret, now.due) == ("active", None, None)
    assert standing(provider, begun.id).status == "active"
    assert bills(provider, begun.id) == [Money(1000, "usd")]


def test_a_plan_that_costs_nothing_needs_no_card(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    new = NewSubscription(customer, plan(provider, "starter", 0), 1, FOR_ANN)

    begun = provider.outbound.subscribe("sub", new)

    assert (begun.status, begun.client_secret) == ("active", None)
    assert standing(provider, begun.id).status == "active"


def test_a_declined_card_begins_nothing_and_another_try_takes_another_key(
    provider: Provider,
) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    price = plan(provider, "basic", 1000)
    bad, good = card_of(provider, customer, "a", declined=True), card_of(provider, customer, "b")

    for _ in range(2):
        with pytest.raises(CardDeclined) as declined:
            provider.outbound.subscribe("sub", NewSubscription(customer, price, 1, FOR_ANN, bad))
    assert declined.value.declined_for
    assert declined.value.sentence
    begun = provider.outbound.subscribe("sub-2", NewSubscription(customer, price, 1, FOR_ANN, good))

    assert begun.status == "active"
    alive = {it.subscription_id for it in said(provider) if isinstance(it, SubscriptionObserved)}
    assert alive == {begun.id}


def test_a_change_costs_what_the_preview_said(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    card = card_of(provider, customer)
    basic, pro = plan(provider, "basic", 1000), plan(provider, "pro", 3000)
    begun = provider.outbound.subscribe("sub", NewSubscription(customer, basic, 1, FOR_ANN, card))
    provider.pass_time(days=10)
    change = PlanChange(begun.id, pro, 2)

    preview = provider.outbound.preview_change(change)
    changed = provider.outbound.change_plan("change", change)

    assert (changed.id, changed.price_id, changed.quantity) == (begun.id, pro, 2)
    assert provider.outbound.change_plan("change", change) == changed
    assert preview.currency == "usd"
    assert preview.lines
    assert 1000 < preview.due_minor < 6000
    told = standing(provider, begun.id)
    assert (told.features, told.quantity) == (("pro",), 2)
    assert bills(provider, begun.id) == [Money(1000, "usd"), Money(preview.due_minor, "usd")]


def test_a_change_whose_card_is_declined_changes_nothing(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    good = card_of(provider, customer, "a")
    basic, pro = plan(provider, "basic", 1000), plan(provider, "pro", 3000)
    begun = provider.outbound.subscribe("sub", NewSubscription(customer, basic, 1, FOR_ANN, good))
    bad = card_of(provider, customer, "b", declined=True)

    with pytest.raises(CardDeclined):
        provider.outbound.change_plan("change", PlanChange(begun.id, pro, 1, bad))

    now = provider.outbound.subscription(begun.id)
    assert (now.price_id, now.quantity, now.status) == (basic, 1, "active")
    assert standing(provider, begun.id).features == ("basic",)


def test_a_smaller_plan_costs_nothing_now(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    card = card_of(provider, customer)
    starter, pro = plan(provider, "starter", 0), plan(provider, "pro", 3000)
    begun = provider.outbound.subscribe("sub", NewSubscription(customer, pro, 1, FOR_ANN, card))
    provider.pass_time(days=10)
    change = PlanChange(begun.id, starter, 1)

    preview = provider.outbound.preview_change(change)
    assert (preview.due_minor, preview.used_minor) == (0, 0)
    assert 1000 < preview.kept_minor == -sum(each.minor for each in preview.lines) < 3000
    assert provider.outbound.change_plan("change", change).price_id == starter
    assert standing(provider, begun.id).features == ("starter",)


def test_a_cancellation_waits_for_the_end_and_can_be_taken_back(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    card = card_of(provider, customer)
    new = NewSubscription(customer, plan(provider, "basic", 1000), 1, FOR_ANN, card)
    begun = provider.outbound.subscribe("sub", new)

    leaving = provider.outbound.cancel("cancel", begun.id, at_period_end=True)
    assert (leaving.status, leaving.cancel_at) == ("active", begun.ends_period_at)
    assert standing(provider, begun.id).cancel_at == begun.ends_period_at

    staying = provider.outbound.resume("resume", begun.id)
    assert (staying.status, staying.cancel_at) == ("active", None)
    assert standing(provider, begun.id).cancel_at is None

    provider.outbound.cancel("cancel-2", begun.id, at_period_end=True)
    provider.pass_time(days=32)
    assert provider.outbound.subscription(begun.id).status == "canceled"
    assert standing(provider, begun.id).status == "canceled"
    assert bills(provider, begun.id) == [Money(1000, "usd")]


def test_a_cancellation_at_once_ends_it_once(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    card = card_of(provider, customer)
    new = NewSubscription(customer, plan(provider, "basic", 1000), 1, FOR_ANN, card)
    begun = provider.outbound.subscribe("sub", new)

    for key in ("cancel", "cancel", "cancel-2"):
        assert provider.outbound.cancel(key, begun.id, at_period_end=False).status == "canceled"

    told = standing(provider, begun.id)
    assert told.status == "canceled"
    assert told.ended_at is not None


def test_a_renewal_is_paid_by_the_card_that_was_chosen_last(provider: Provider) -> None:
    customer = provider.outbound.create_customer("ann", ANN)
    first = card_of(provider, customer, "a")
    new = NewSubscription(customer, plan(provider, "basic", 1000), 1, FOR_ANN, first)
    begun = provider.outbound.subscribe("sub", new)

    provider.pass_time(days=32)
    renewed = provider.outbound.subscription(begun.id)
    assert bills(provider, begun.id) == [Money(1000, "usd")] * 2
    assert begun.ends_period_at is not None
    assert renewed.ends_period_at is not None
    assert renewed.ends_period_at > begun.ends_period_at

    provider.outbound.use_card("use", customer, card_of(provider, customer, "b", declined=True))
    provider.pass_time(days=31)
    assert provider.outbound.subscription(begun.id).status == "past_due"
    assert standing(provider, begun.id).status == "past_due"
