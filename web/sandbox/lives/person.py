"""One customer's means of acting: what the life stories are told with."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from random import Random

from web.sandbox.lives.shop import PLATFORM, Shop
from web.sandbox.lives.wallet import credits_left
from web.sandbox.truth import billing, customers, payments
from web.sandbox.truth.calendar import DAY, MINUTE
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.checkout import open_session
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.intents import Asked, Intent
from web.sandbox.truth.sessions import Basket, Session
from web.sandbox.truth.spends import Spend
from web.sandbox.truth.subscriptions import Subscription, Terms
from web.sandbox.truth.world import Truth

Script = Generator[int, None, None]
"""A story: it acts, says how many seconds to wait, and acts again."""


@dataclass(slots=True)
class Person:
    """A user of the application. `named` tells where Stripe learns the user id:
    'customer' (on the customer), 'objects' (on what they buy) or 'nowhere'."""

    truth: Truth
    shop: Shop
    random: Random
    user_id: str
    named: str
    customer: Customer
    subscriptions: list[Subscription] = field(default_factory=list)
    packs: list[Session] = field(default_factory=list)
    spent: int = 0

    def days(self, least: int, most: int) -> int:
        """Some days and an odd number of seconds, in seconds."""
        return self.random.randint(least * DAY, most * DAY)

    def minutes(self, least: int = 1, most: int = 30) -> int:
        """Some minutes, in seconds."""
        return self.random.randint(least * MINUTE, most * MINUTE)

    def mark(self, contract: Mapping[str, str]) -> dict[str, str]:
        """Metadata for something bought: the contract's keys, and who it is for if we say so."""
        who = {"user_id": self.user_id} if self.named == "objects" else {}
        whose = {"platform": PLATFORM} if self.random.random() < 0.5 else {}
        return {**contract, **who, **whose}

    def card(self, declines: str | None = None) -> PaymentMethod:
        """A new card, attached to the customer."""
        return customers.attach_card(self.truth, self.customer, declines)

    def opens_payment(self, amount: int, contract: Mapping[str, str], what: str) -> Intent:
        """The application opens a payment intent for the customer."""
        asked = Asked(
            account=self.shop.account,
            amount=amount,
            customer=self.customer.id,
            description=what,
            metadata=self.mark(contract),
            email=self.customer.email,
        )
        return payments.open_intent(self.truth, asked)

    def opens_checkout(self, price: Price, quantity: int, **more: object) -> Session:
        """The application sends the customer to Checkout; `more` goes to the basket."""
        fields: dict[str, object] = {
            "account": self.shop.account,
            "amount": price.unit_amount * quantity,
            "customer": self.customer.id,
            "email": self.customer.email,
            **more,
        }
        return open_session(self.truth, Basket(**fields))  # type: ignore[arg-type]  # by name

    def subscribes(self, price: Price, **more: object) -> Subscription:
        """The application makes a subscription; `more` goes to its terms."""
        metadata = self.mark({}) if self.named == "objects" else {}
        fields: dict[str, object] = {"price": price, "metadata": metadata, **more}
        terms = Terms(**fields)  # type: ignore[arg-type]  # by name
        subscription = billing.subscribe(self.truth, self.customer, terms)
        self.subscriptions.append(subscription)
        return subscription

    def spends_some(self) -> None:
        """Use part of the credits there are, if there are any."""
        left = credits_left(self.truth, self.packs) - self.spent
        if left <= 0 or self.shop.account:
            return
        amount = self.random.randint(1, min(left, 40))
        self.spent += amount
        key = f"{self.user_id}-{self.truth.now}-{self.spent}"
        self.truth.spend(Spend(self.truth.now, self.user_id, amount, key))
