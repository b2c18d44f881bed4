"""A saved card whose bank wants its holder asked: the bill waits in the page, and then it is so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.providers.outbound import NewSubscription, OpenSubscription, PlanChange
from tests.ledger.providers.contract.playing_stripe import Stripe, stripe_stand_in
from tests.ledger.providers.contract.provider import ANN, card_of, plan

ASKS = "pm_card_authenticationRequired"


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    with stripe_stand_in() as found:
        yield found


def asking_card(stripe: Stripe, customer: str) -> str:
    """A card that has to be asked for at every payment."""
    return stripe.page.v1.payment_methods.attach(ASKS, {"customer": customer}).id


def pay_and_answer(stripe: Stripe, subscription: OpenSubscription, card: str) -> None:
    """In the page the holder pays and tells their bank that it is they."""
    assert subscription.client_secret is not None
    intent, _, _ = subscription.client_secret.partition("_secret_")
    if stripe.outbound.payment(intent).state == "requires_payment_method":
        stripe.page.v1.payment_intents.confirm(
            intent, {"payment_method": card, "return_url": "https://app.test/done"}
        )
    assert stripe.outbound.payment(intent).state == "requires_action"
    stripe.answer_bank(intent)


def test_a_subscription_begins_once_its_holder_was_asked(stripe: Stripe) -> None:
    customer = stripe.outbound.create_customer("ann", ANN)
    card, price = asking_card(stripe, customer), plan(stripe, "basic", 1000)
    new = NewSubscription(customer, price, 1, {"user_id": "ann"}, card)

    begun = stripe.outbound.subscribe("sub", new)
    assert begun.status == "incomplete"
    assert stripe.outbound.subscribe("sub", new).id == begun.id
    pay_and_answer(stripe, begun, card)

    now = stripe.outbound.subscription(begun.id)
    assert (now.status, now.client_secret) == ("active", None)


def test_a_change_waits_until_its_holder_was_asked(stripe: Stripe) -> None:
    customer = stripe.outbound.create_customer("ann", ANN)
    card, good = asking_card(stripe, customer), card_of(stripe, customer)
    basic, pro = plan(stripe, "basic", 1000), plan(stripe, "pro", 3000)
    begun = stripe.outbound.subscribe("sub", NewSubscription(customer, basic, 1, {}, good))
    change = PlanChange(begun.id, pro, 2, card)

    waiting = stripe.outbound.change_plan("change", change)
    assert (waiting.status, waiting.price_id, waiting.quantity) == ("active", basic, 1)
    assert stripe.outbound.change_plan("change", change) == waiting
    pay_and_answer(stripe, waiting, card)

    now = stripe.outbound.subscription(begun.id)
    assert (now.status, now.price_id, now.quantity) == ("active", pro, 2)
    assert now.client_secret is None
