"""Somebody with a card, plans for them behind a stand-in, and what a ledger makes of it all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import stripe

from tests.simulation.in_memory import deliveries, kept, rows, untrue
from tests.web.sandbox.api.conftest import KEY, Sandbox
from web.sandbox.oracle import oracle
from web.sandbox.render.types import is_sent
from web.sandbox.truth import cards, confirmation, customers
from web.sandbox.truth.calendar import DAY, HOUR
from web.sandbox.truth.catalog import add_price, add_product
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.world import Truth

MONTH = 31 * DAY
PLANS = {"starter": 0, "basic": 900, "premium": 2900}

WORKING, DECLINED = cards.TOKENS["pm_card_visa"], cards.TOKENS["pm_card_chargeDeclined"]
ASKING = cards.TOKENS["pm_card_authenticationRequired"]


@dataclass
class Subscriber:
    """A customer of Stripe's and the plans (price ids) they may have, by name."""

    sandbox: Sandbox
    client: stripe.StripeClient
    id: str
    plans: dict[str, str]

    def card(self, kind: cards.Kind = WORKING, default: bool = True) -> str:
        """A card the customer keeps, which pays their bills by default."""
        with self.sandbox.world.turn() as truth:
            customer = truth.get(Customer, self.id)
            card = customers.attach(truth, cards.make(truth, customer.account, kind), customer)
            if default:
                customers.change(truth, customer, default_payment_method=card.id)
            return card.id

    def subscribes(self, plan: str, **more: Any) -> stripe.Subscription:
        """To one of the plan, or what `more` says."""
        items = [{"price": self.plans[plan], "quantity": more.pop("quantity", 1)}]
        params: Any = {"customer": self.id, "items": items, **more}
        return self.client.v1.subscriptions.create(params)

    def changes(self, subscription: stripe.Subscription, plan: str, **more: Any) -> Any:
        """To another plan; `more` are other parameters of the update."""
        items = [{"id": item_of(subscription)["id"], "price": self.plans[plan]}]
        params: Any = {"items": items, **more}
        return self.client.v1.subscriptions.update(subscription.id, params)

    def pays_in_the_page(self, secret: str, kind: cards.Kind = WORKING) -> None:
        """With a card entered there, and the client secret alone."""
        with self.sandbox.world.turn() as truth:
            intent = _intent(truth, secret)
            confirmation.confirm(truth, intent, cards.make(truth, intent.account, kind))

    def answers_the_bank(self, secret: str) -> None:
        """Says yes to whom the payment is to go."""
        with self.sandbox.world.turn() as truth:
            confirmation.answer(truth, _intent(truth, secret), ok=True)

    def now(self, subscription: stripe.Subscription) -> stripe.Subscription:
        """The subscription as it stands, with its newest invoice."""
        return self.client.v1.subscriptions.retrieve(
            subscription.id, {"expand": ["latest_invoice.confirmation_secret"]}
        )

    def passes(self, seconds: int) -> None:
        """Time does, and an hour more, in which drafts of bills become final."""
        self.sandbox.world.move(seconds + HOUR)


def subscriber(sandbox: Sandbox, account: str = "") -> Subscriber:
    """A new one, of plans for 0, 9 and 29 dollars a month."""
    client = stripe.StripeClient(
        KEY,
        base_addresses={"api": sandbox.url},
        stripe_account=account or None,
        max_network_retries=0,
    )
    made = client.v1.customers.create({"email": "ada@example.com", "metadata": {"user_id": "u7"}})
    with sandbox.world.turn() as truth:
        plans = {
            name: add_price(truth, add_product(truth, account, name), amount, "month", name).id
            for name, amount in PLANS.items()
        }
        yearly = add_price(truth, add_product(truth, account, "yearly"), 29000, "year", "yearly")
    return Subscriber(sandbox, client, made.id, {**plans, "yearly": yearly.id})


def _intent(truth: Truth, secret: str) -> Intent:
    return next(each for each in truth.all(Intent) if each.secret == secret)


def item_of(subscription: stripe.Subscription) -> Any:
    """Its one item."""
    [item] = subscription["items"]["data"]
    return item


def secret_of(subscription: stripe.Subscription) -> str:
    """What the page needs to pay its newest invoice."""
    secret: str = invoice_of(subscription).confirmation_secret.client_secret
    return secret


def invoice_of(subscription: stripe.Subscription) -> Any:
    """Its newest invoice, which was expanded."""
    assert isinstance(subscription.latest_invoice, stripe.Invoice)
    return subscription.latest_invoice


def untold(sandbox: Sandbox) -> list[tuple[Any, ...]]:
    """Where the rows a ledger makes of all events are not those the truth demands."""
    world = sandbox.world
    with world.turn() as truth:
        sent = [fact for fact in truth.facts if is_sent(fact.type, world.version)]
        bodies = [json.dumps(world.event(fact, world.version)).encode() for fact in sent]
        ledger = kept([deliveries(bodies)])
        return untrue(rows(ledger), oracle(truth, spends=[]))
