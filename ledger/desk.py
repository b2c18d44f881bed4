"""Where one delivery is worked off: what it observed reaches the aggregates it concerns.

Facts flow one way: customer -> who owns a payment, invoice or subscription; payment -> invoice ->
subscription; payment -> wallet. Each step only records differences, so it ends by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.customer import Customer
from ledger.aggregates.invoice import Invoice, Settlement
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.books import Books
from ledger.event import Cause
from ledger.ids import Scope, parse_stream
from ledger.observations import (
    CustomerNamed,
    CustomerObserved,
    DisputeObserved,
    InvoiceObserved,
    InvoicePaymentObserved,
    Observation,
    Observed,
    PaymentObserved,
    RefundObserved,
    RefundTotalObserved,
    SubscriptionObserved,
)
from ledger.policy import Policy

A = TypeVar("A", bound=Aggregate)
Owned = Purchase | Invoice | Subscription


def concerned(observed: Observed) -> Iterator[str]:
    """The streams these observations name, so that all of a batch can be loaded in one go."""
    for observation in observed.observations:
        snapshot = getattr(observation, "snapshot", None) or getattr(observation, "terms", None)
        state = snapshot.state if snapshot else None
        for said in (observation, state, getattr(state, "payer", None)):
            for field, kind in NAMES.items():
                key = getattr(said, field, None)
                if key is not None:
                    yield observed.scope.stream(kind.CATEGORY, key)


NAMES: dict[str, type[Aggregate]] = {
    "payment_id": Purchase,
    "invoice_id": Invoice,
    "subscription_id": Subscription,
    "provider_customer_id": Customer,
}
"""Field of an observation -> whose key it holds."""


class Desk:
    """The books, the policy and the cause of all that is recorded while one delivery is worked."""

    def __init__(self, books: Books, policy: Policy, scope: Scope, why: Cause) -> None:
        self.books = books
        self.policy = policy
        self.scope = scope
        self.why = why

    def take(self, observation: Observation) -> None:
        """Records what `observation` says that was not known, and all that follows from it."""
        TAKE[type(observation)](self, observation)

    def get(self, kind: type[A], key: str) -> A:
        return self.books.get(kind, self.scope.stream(kind.CATEGORY, key))


# ---- facts ----------------------------------------------------------------------------------


def take_customer(desk: Desk, seen: CustomerObserved) -> None:
    customer = desk.get(Customer, seen.provider_customer_id)
    with_new_identity(desk, customer, lambda: customer.observe(seen, desk.why))


def take_name(desk: Desk, seen: CustomerNamed) -> None:
    name(desk, seen.provider_customer_id, seen.user_id, seen.by, seen.at)


def take_payment(desk: Desk, seen: PaymentObserved) -> None:
    purchase = desk.get(Purchase, seen.payment_id)
    purchase.observe(seen, desk.policy, desk.why)
    settle_purchase(desk, purchase)


def take_refund(desk: Desk, seen: RefundObserved) -> None:
    purchase = desk.get(Purchase, seen.payment_id)
    purchase.observe_refund(seen, desk.why)
    settle_purchase(desk, purchase)


def take_refund_total(desk: Desk, seen: RefundTotalObserved) -> None:
    purchase = desk.get(Purchase, seen.payment_id)
    purchase.observe_refund_total(seen, desk.why)
    settle_purchase(desk, purchase)


def take_dispute(desk: Desk, seen: DisputeObserved) -> None:
    purchase = desk.get(Purchase, seen.payment_id)
    purchase.observe_dispute(seen, desk.why)
    settle_purchase(desk, purchase)


def take_invoice(desk: Desk, seen: InvoiceObserved) -> None:
    invoice = desk.get(Invoice, seen.invoice_id)
    invoice.observe(seen, desk.why)
    settle_invoice(desk, invoice)
    if seen.payment_id is not None:
        take_invoice_payment(desk, InvoicePaymentObserved(seen.invoice_id, seen.payment_id))


def take_invoice_payment(desk: Desk, seen: InvoicePaymentObserved) -> None:
    purchase = desk.get(Purchase, seen.payment_id)
    purchase.settle_invoice(seen.invoice_id, desk.why)
    settle_purchase(desk, purchase)


def take_subscription(desk: Desk, seen: SubscriptionObserved) -> None:
    subscription = desk.get(Subscription, seen.subscription_id)
    subscription.observe(seen, desk.why)
    settle_subscription(desk, subscription)


TAKE: dict[type[Observation], Callable[[Desk, Any], None]] = {
    CustomerObserved: take_customer,
    CustomerNamed: take_name,
    PaymentObserved: take_payment,
    RefundObserved: take_refund,
    RefundTotalObserved: take_refund_total,
    DisputeObserved: take_dispute,
    InvoiceObserved: take_invoice,
    InvoicePaymentObserved: take_invoice_payment,
    SubscriptionObserved: take_subscription,
}


# ---- what follows ---------------------------------------------------------------------------


def settle_purchase(desk: Desk, purchase: Purchase) -> None:
    """Whose it is, what it gives, and what the invoice it pays and the wallet must know."""
    if purchase.terms.invoice_id:
        purchase.settle_invoice(purchase.terms.invoice_id, desk.why)
    ours = desk.policy.owns(purchase.terms.platform)
    (attribute if ours else disown)(desk, purchase, purchase.terms.opened_at)
    before = purchase.grant
    purchase.resolve(desk.policy, desk.why)
    key = parse_stream(purchase.id).key
    if purchase.grant != before:
        if before and (purchase.grant is None or purchase.grant.customer_id != before.customer_id):
            desk.get(CreditWallet, before.customer_id).withdraw(key, desk.why)
        if purchase.grant:
            wallet = desk.get(CreditWallet, purchase.grant.customer_id)
            wallet.hold(key, purchase.grant, desk.why)
    if purchase.invoice_id and purchase.received:
        invoice = desk.get(Invoice, purchase.invoice_id)
        settlement = Settlement(purchase.refunds.minor, purchase.taken_back)
        invoice.link_payment(key, settlement, desk.why)
        settle_invoice(desk, invoice)


def settle_invoice(desk: Desk, invoice: Invoice) -> None:
    """Whose it is, its receipt, and what its subscription must know."""
    if invoice.bill is None:
        return
    attribute(desk, invoice)
    invoice.resolve(desk.why)
    if invoice.subscription_id:
        subscription = desk.get(Subscription, invoice.subscription_id)
        subscription.cover(parse_stream(invoice.id).key, invoice.coverage, desk.why)
        settle_subscription(desk, subscription)


def settle_subscription(desk: Desk, subscription: Subscription) -> None:
    """Whose it is, and the access it gives."""
    if subscription.plan is None:
        return
    attribute(desk, subscription, subscription.plan.started_at)
    subscription.resolve(desk.policy, desk.why)


def attribute(desk: Desk, owned: Owned, names_since: datetime | None = None) -> None:
    """Finds whose `owned` is: its own user, else its customer's owner, else nobody known.

    Objects that came to be at `names_since` and carry both ids also tell who the customer is.
    """
    user_id, key = owned.payer.user_id, owned.payer.provider_customer_id
    if names_since:
        told = owned.owner[1]  # what its earlier snapshots said must not outlive them
        if told and (told != key or not user_id):
            name(desk, told, None, owned.id, names_since)
        if key and user_id:
            name(desk, key, user_id, owned.id, names_since)
    owned.attribute(user_id or customers_owner(desk, owned), desk.why)


def disown(desk: Desk, owned: Owned, names_since: datetime) -> None:
    """Leaves `owned` to another platform, whose users are not ours."""
    told = owned.owner[1]
    if told:
        name(desk, told, None, owned.id, names_since)
    customers_owner(desk, owned)
    owned.attribute(None, desk.why)


def customers_owner(desk: Desk, owned: Owned) -> str | None:
    """Whose the customer of `owned` is; from now on a change of that reaches `owned`."""
    key = owned.payer.provider_customer_id
    if not key:
        return None
    customer = desk.get(Customer, key)
    with_new_identity(desk, customer, lambda: customer.engage(owned.id, desk.why))
    return customer.customer_id


def name(desk: Desk, key: str, user_id: str | None, by: str, at: datetime) -> None:
    customer = desk.get(Customer, key)
    with_new_identity(desk, customer, lambda: customer.name(by, user_id, at, desk.why))


def with_new_identity(desk: Desk, customer: Customer, decide: Callable[[], None]) -> None:
    """Lets the customer decide, and settles anew all that depends on who they are."""
    before = customer.customer_id
    decide()
    if before is None or customer.customer_id == before:
        return
    for stream in tuple(customer.engaged):
        kind, settle = SETTLE[parse_stream(stream).category]
        settle(desk, desk.books.get(kind, stream))


SETTLE: dict[str, tuple[type[Any], Callable[[Desk, Any], None]]] = {
    Purchase.CATEGORY: (Purchase, settle_purchase),
    Invoice.CATEGORY: (Invoice, settle_invoice),
    Subscription.CATEGORY: (Subscription, settle_subscription),
}
