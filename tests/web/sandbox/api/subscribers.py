"""Somebody with a card, plans for them behind a stand-in, and what a ledger makes of it all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe

from tests.simulation.in_memory import deliveries, kept, rows, untrue
from tests.web.sandbox.api.conftest import KEY, Sandbox
from web.sandbox.oracle import oracle
from web.sandbox.render.types import is_sent
from web.sandbox.render.versions import NEWEST
from web.sandbox.truth.calendar import DAY, HOUR

MONTH = 31 * DAY
PLANS = {"starter": 0, "basic": 900, "premium": 2900}

WORKING, REFUSED = "pm_card_visa", "pm_card_chargeDeclined"
DECLINED, ASKING = "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"
"""Tokens of cards; DECLINED can be kept, and pays nothing."""


@dataclass
class Subscriber:
    """A customer of Stripe's and the plans (price ids) they may have, by name."""

    sandbox: Sandbox
    client: stripe.StripeClient
    id: str
    plans: dict[str, str]

    def card(self, token: str = WORKING, default: bool = True) -> str:
        """A card the customer keeps, which pays their bills by default."""
        card = self.client.v1.payment_methods.attach(token, {"customer": self.id}).id
        if default:
            settings: Any = {"invoice_settings": {"default_payment_method": card}}
            self.client.v1.customers.update(self.id, settings)
        return card

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

    def pays_in_the_page(self, secret: str, token: str = WORKING) -> None:
        """With a card entered there, a publishable key and the client secret alone."""
        page = self.sandbox.client("pk_test_page")
        paying: Any = {"client_secret": secret, "payment_method": token}
        page.v1.payment_intents.confirm(secret.split("_secret_", maxsplit=1)[0], paying)

    def answers_the_bank(self, secret: str) -> None:
        """Says yes to whom the payment is to go."""
        intent = secret.split("_secret_", maxsplit=1)[0]
        self.client.raw_request("post", f"/sandbox/payment_intents/{intent}/authenticate", ok=True)

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
    plans = {name: _plan(client, name, amount, "month") for name, amount in PLANS.items()}
    yearly = _plan(client, "yearly", 29000, "year")
    return Subscriber(sandbox, client, made.id, {**plans, "yearly": yearly})


def _plan(client: stripe.StripeClient, name: str, amount: int, interval: str) -> str:
    params: Any = {
        "currency": "usd",
        "unit_amount": amount,
        "nickname": f"the price of {name}",
        "recurring": {"interval": interval},
        "product_data": {"name": name},
    }
    return client.v1.prices.create(params).id


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


Order = Callable[[list[bytes]], list[bytes]]


def untold(sandbox: Sandbox, version: str = NEWEST, order: Order = list) -> list[tuple[Any, ...]]:
    """Where the rows a ledger makes of all events, as a version tells them and in some order, are
    not those the truth demands."""
    with sandbox.world.turn() as truth:
        sent = [fact for fact in truth.facts if is_sent(fact.type, version)]
        bodies = [json.dumps(sandbox.world.event(fact, version)).encode() for fact in sent]
        ledger = kept([deliveries(order(bodies))])
        return untrue(rows(ledger), oracle(truth, spends=[], tellers=[lambda _: version]))
