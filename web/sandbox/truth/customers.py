"""Customers and the cards they pay with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Noun):
    """A payer as Stripe knows one. `balance` is negative when we owe them (minor units)."""

    email: str | None
    name: str | None
    phone: str | None = None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    balance: int = 0
    delinquent: bool = False
    default_payment_method: str | None = None
    test_clock: str | None = None
    invoice_prefix: str
    next_invoice_sequence: int = 1
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod(Noun):
    """A card, or a bank account (`type`); `declines` is the reason while it does not work.

    `authenticates` is 'always' or 'once' (until it was set up) when its bank wants to ask the
    payer first; `disputes`: the payer will go to the bank about every payment. `former` is the
    customer who kept it until `detached_at` (Unix seconds, as `attached_at`).
    """

    customer: str | None
    last4: str
    declines: str | None = None
    type: str = "card"
    brand: str = "visa"
    exp_month: int = 12
    exp_year: int = 2034
    email: str | None = None
    name: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    authenticates: str | None = None
    set_up: bool = False
    disputes: bool = False
    attached_at: int | None = None
    detached_at: int | None = None
    former: str | None = None

    @property
    def asks(self) -> bool:
        """Whether its bank will ask the payer before it pays."""
        return self.authenticates == "always" or (self.authenticates == "once" and not self.set_up)


def register(
    truth: Truth,
    account: str,
    email: str | None,
    name: str | None,
    metadata: Mapping[str, str],
    **more: object,
) -> Customer:
    """A new customer: `customer.created`. `more` are fields of it to be other than usual."""
    customer = Customer(
        id=truth.new_id("cus_"),
        account=account,
        created=truth.now,
        email=email,
        name=name,
        metadata=dict(metadata),
        invoice_prefix=truth.new_id("")[:8].upper(),
    )
    return truth.add(replace(customer, **more), "customer.created")  # type: ignore[arg-type]  # fields of it


def attach_card(truth: Truth, customer: Customer, declines: str | None = None) -> PaymentMethod:
    """A new card, which becomes the default one: two facts in one second."""
    card = PaymentMethod(
        id=truth.new_id("pm_1"),
        account=customer.account,
        created=truth.now,
        customer=customer.id,
        last4="4242" if declines is None else "0341",
        declines=declines,
    )
    truth.add(card, "payment_method.attached")
    truth.change(customer, "customer.updated", default_payment_method=card.id)
    return card


def attach(
    truth: Truth, card: PaymentMethod, customer: Customer, set_up: bool = False
) -> PaymentMethod:
    """A customer keeps a method that is there: `payment_method.attached`; `set_up` when its bank
    knows that it may be charged without them."""
    changes = {"customer": customer.id, "attached_at": truth.now, "set_up": set_up}
    return truth.change(card, "payment_method.attached", **changes)


def detach(truth: Truth, card: PaymentMethod) -> PaymentMethod:
    """Nobody keeps the method any more: `payment_method.detached`."""
    owner = truth.find(Customer, truth.fresh(card).customer)
    if owner is not None and owner.default_payment_method == card.id:
        change(truth, owner, default_payment_method=None)
    changes = {"customer": None, "former": owner.id if owner else None, "detached_at": truth.now}
    return truth.change(card, "payment_method.detached", **changes)


def change(truth: Truth, customer: Customer, **changes: object) -> Customer:
    """Say what is other than before; `customer.updated` if anything is."""
    before = truth.fresh(customer)
    if all(getattr(before, name) == value for name, value in changes.items()):
        return before
    return truth.change(customer, "customer.updated", **changes)


def set_metadata(truth: Truth, customer: Customer, key: str, value: str) -> Customer:
    """Write down something about the customer: `customer.updated`."""
    metadata = {**truth.fresh(customer).metadata, key: value}
    return truth.change(customer, "customer.updated", metadata=metadata)


def delete(truth: Truth, customer: Customer) -> Customer:
    """The customer is forgotten: `customer.deleted`, with the object as it last was."""
    return truth.change(customer, "customer.deleted", deleted_at=truth.now)


def bill_in(truth: Truth, customer_id: str, currency: str) -> Customer:
    """The first bill fixes the customer's currency: `customer.updated`, as in Stripe."""
    customer = truth.get(Customer, customer_id)
    if customer.currency is not None:
        return customer
    return truth.change(customer, "customer.updated", currency=currency)


def set_delinquent(truth: Truth, customer_id: str, delinquent: bool) -> None:
    """Note whether the newest attempt to collect failed: `customer.updated` if that is new."""
    customer = truth.get(Customer, customer_id)
    if customer.delinquent != delinquent:
        truth.change(customer, "customer.updated", delinquent=delinquent)


def take_invoice_number(truth: Truth, customer_id: str) -> str:
    """The next number of the customer's own sequence, which Stripe counts on without an event."""
    customer = truth.get(Customer, customer_id)
    truth.change(customer, next_invoice_sequence=customer.next_invoice_sequence + 1)
    return f"{customer.invoice_prefix}-{customer.next_invoice_sequence:04d}"
