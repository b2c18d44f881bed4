"""What every provider has to offer the ledger, and what its payers do, which the tests play."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from ledger.ids import Scope
from ledger.money import Money
from ledger.observations import Observation
from ledger.providers import Observer, Receiver
from ledger.providers.outbound import (
    NewCustomer,
    NewPayment,
    NewPrice,
    NewProduct,
    NewSubscription,
    OpenPayment,
    OpenSession,
    OpenSetup,
    OpenSubscription,
    Outbound,
    PlanChange,
)

ANN = NewCustomer("ann", "ann@example.org", "Ann")


class Posted(NamedTuple):
    """A webhook as it came."""

    body: bytes
    headers: Mapping[str, str]


class Provider(Protocol):
    """One provider behind HTTP: its three halves, its payers, and its clock."""

    @property
    def scope(self) -> Scope:
        """Where its facts belong."""

    @property
    def outbound(self) -> Outbound:
        """Its API."""

    @property
    def receiver(self) -> Receiver:
        """The door for its webhooks."""

    @property
    def observer(self) -> Observer:
        """What its webhooks say."""

    @property
    def now(self) -> datetime:
        """The provider's time."""

    @property
    def posted(self) -> list[Posted]:
        """All webhooks so far, in their order."""

    def with_wrong_key(self) -> Outbound:
        """The way out with a key the provider does not know."""

    def pay(self, payment: OpenPayment, declined: bool = False) -> None:
        """The payer pays in the page."""

    def pay_first_bill(self, subscription: OpenSubscription) -> None:
        """The subscriber pays in the page."""

    def type_card(self, setup: OpenSetup, declined: bool = False) -> None:
        """The customer types a card in; `declined`: one that can be saved and never pays."""

    def visit(self, session: OpenSession) -> None:
        """The payer goes through the provider's payment page."""

    def refund(self, payment: OpenPayment, amount: Money) -> None:
        """The merchant gives (part of) it back."""

    def pass_time(self, days: int) -> None:
        """Lets time pass, with all that falls due."""


def said(provider: Provider) -> list[Observation]:
    """Everything the webhooks so far say, in the ledger's words."""
    deliveries = [provider.receiver.receive(*each, provider.now) for each in provider.posted]
    return [seen for it in deliveries for seen in provider.observer.observe(it).observations]


def card_of(provider: Provider, customer_id: str, key: str = "card", declined: bool = False) -> str:
    """A card saved for a customer."""
    setup = provider.outbound.open_setup(key, customer_id)
    provider.type_card(setup, declined)
    card_id = provider.outbound.setup(setup.id).card_id
    assert card_id is not None
    return card_id


def plan(provider: Provider, name: str, minor: int) -> str:
    """The price of a monthly plan that gives the feature of its name."""
    product = provider.outbound.create_product(f"{name}/product", NewProduct(name, name, {}))
    price = NewPrice(product, Money(minor, "usd"), "month", name, {"feature": name})
    return provider.outbound.create_price(f"{name}/price", price)


def package(provider: Provider, product_id: str, units: int, minor: int) -> str:
    """The price of a package of units, once."""
    said = {"units": str(units)}
    price = NewPrice(product_id, Money(minor, "usd"), None, f"{units} credits", said)
    return provider.outbound.create_price(f"{product_id}/{units}", price)


def everything_once(provider: Provider) -> None:
    """A customer to whom everything happens once."""
    outbound = provider.outbound
    customer = outbound.create_customer("ann", ANN)
    card = card_of(provider, customer)
    metadata = {"user_id": "ann", "learning_path_id": "7", "credits": "5"}
    order = outbound.open_payment("order", NewPayment(customer, Money(500, "usd"), "", metadata))
    provider.pay(order, declined=True)
    provider.pay(order)
    provider.refund(order, Money(100, "usd"))
    price, dearer = plan(provider, "basic", 1000), plan(provider, "pro", 3000)
    new = NewSubscription(customer, price, 1, {"user_id": "ann"}, card)
    begun = outbound.subscribe("sub", new)
    provider.pass_time(days=40)
    outbound.change_plan("change", PlanChange(begun.id, dearer, 1))
    outbound.cancel("cancel", begun.id, at_period_end=False)
