"""Brings what was observed to the aggregates it concerns: a table from observation to function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.charge import Charge, OfPayment
from ledger.aggregates.customer import Customer
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.mailbox import Mailbox, mailbox_key
from ledger.aggregates.mirrors import MIRRORS
from ledger.aggregates.plan_holder import PlanHolder, plan_told
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.consequences import settle_all, uncover
from ledger.desk import Desk
from ledger.observations import (
    ChargeObserved,
    CustomerNamed,
    CustomerObserved,
    DisputeObserved,
    InvoiceObserved,
    InvoicePaymentObserved,
    MirrorObserved,
    Observation,
    Observed,
    OfChargeObserved,
    PaymentObserved,
    RefundObserved,
    RefundTotalObserved,
    SaleObserved,
    SubscriptionObserved,
)
from ledger.ownership import mail_seen, name_first, owner_finder, with_new_identity
from ledger.upcoming import NextBillObserved


def take(desk: Desk, observation: Observation) -> None:
    """Records what `observation` says that was not known, and all that follows from it."""
    TAKE[type(observation)](desk, observation)
    meet_customer(desk, observation)
    settle_all(desk)


def meet_customer(desk: Desk, observation: Observation) -> None:
    """Whoever is named is a customer, also by a report that is not the newest."""
    state = _state(observation)
    key = getattr(getattr(state, "payer", state), "provider_customer_id", None)
    if key:
        desk.get(Customer, key).meet(desk.why)


def concerned(observed: Observed) -> Iterator[str]:
    """The streams these observations name, so that all of a batch can be loaded in one go."""
    for observation in observed.observations:
        state = _state(observation)
        for said in (observation, state, getattr(state, "payer", None)):
            for field, kind in NAMES.items():
                key = getattr(said, field, None)
                if key is not None:
                    yield observed.scope.stream(kind.CATEGORY, key)
        if isinstance(observation, CustomerObserved) and (mail := getattr(state, "email", None)):
            yield observed.scope.stream(Mailbox.CATEGORY, mailbox_key(mail))
        if isinstance(observation, MirrorObserved):
            yield observed.scope.stream(observation.noun, observation.key)


def _state(observation: Observation) -> object | None:
    """How the object stands, if the observation says so."""
    snapshot = getattr(observation, "snapshot", None) or getattr(observation, "terms", None)
    return snapshot.state if snapshot else None


NAMES: dict[str, type[Aggregate]] = {
    "payment_id": Purchase,
    "charge_id": Charge,
    "invoice_id": Invoice,
    "subscription_id": Subscription,
    "provider_customer_id": Customer,
}
"""Field of an observation -> whose key it holds."""


def customer(desk: Desk, seen: CustomerObserved) -> None:
    found = desk.get(Customer, seen.provider_customer_id)
    with_new_identity(desk, found, lambda: found.observe(seen, desk.why))
    if seen.snapshot and seen.snapshot.state.email:
        mail_seen(desk, found, seen.snapshot.state.email, seen.snapshot.created)


def customer_named(desk: Desk, seen: CustomerNamed) -> None:
    name_first(desk, seen.provider_customer_id, seen.user_id, seen.by, seen.at)


def payment(desk: Desk, seen: PaymentObserved) -> None:
    found = desk.get(Purchase, seen.payment_id)
    found.observe(seen, desk.policy, desk.why)
    if seen.invoice_id is not None:
        found.settle_invoice(seen.invoice_id, desk.why)
    desk.unsettle(found.id)


def refund(desk: Desk, seen: RefundObserved) -> None:
    found = desk.get(Purchase, seen.payment_id)
    found.observe_refund(seen, desk.why)
    desk.unsettle(found.id)


def refund_total(desk: Desk, seen: RefundTotalObserved) -> None:
    found = desk.get(Purchase, seen.payment_id)
    found.observe_refund_total(seen, desk.why)
    desk.unsettle(found.id)


def dispute(desk: Desk, seen: DisputeObserved) -> None:
    found = desk.get(Purchase, seen.payment_id)
    found.observe_dispute(seen, desk.why)
    desk.unsettle(found.id)


def charge(desk: Desk, seen: ChargeObserved) -> None:
    for held in desk.get(Charge, seen.charge_id).link(seen.payment_id, desk.why):
        _of_payment(desk, seen.payment_id, held)


def of_charge(desk: Desk, seen: OfChargeObserved) -> None:
    found = desk.get(Charge, seen.charge_id)
    if found.payment_id is None:
        found.hold(seen.seen, desk.why)
    else:
        _of_payment(desk, found.payment_id, seen.seen)


def _of_payment(desk: Desk, payment_id: str, seen: OfPayment) -> None:
    """Takes what was seen of a charge as said of its payment."""
    known = replace(seen, payment_id=payment_id)
    TAKE[type(known)](desk, known)


def invoice(desk: Desk, seen: InvoiceObserved) -> None:
    found = desk.get(Invoice, seen.invoice_id)
    before = found.subscription_id
    found.observe(seen, desk.why)
    if before and before != found.subscription_id:
        uncover(desk, before, seen.invoice_id)
    desk.unsettle(found.id)


def invoice_payment(desk: Desk, seen: InvoicePaymentObserved) -> None:
    found = desk.get(Purchase, seen.payment_id)
    found.settle_invoice(seen.invoice_id, desk.why)
    desk.unsettle(found.id)


def sale(desk: Desk, seen: SaleObserved) -> None:
    found = desk.get(Purchase, seen.payment_id)
    found.settle_nothing(desk.why)
    desk.unsettle(found.id)


def subscription(desk: Desk, seen: SubscriptionObserved) -> None:
    found = desk.get(Subscription, seen.subscription_id)
    found.observe(seen, desk.why)
    desk.unsettle(found.id)
    told = plan_told(seen.snapshot)
    if told is not None:
        user_id, snapshot = told
        desk.get(PlanHolder, user_id).observe(seen.subscription_id, snapshot, desk.why)


def next_bill(desk: Desk, seen: NextBillObserved) -> None:
    desk.get(Subscription, seen.subscription_id).announce(seen.snapshot, desk.why)


def mirrored(desk: Desk, seen: MirrorObserved) -> None:
    found = desk.get(MIRRORS[seen.noun], seen.key)
    found.observe(seen, owner_finder(desk, found), desk.why)
    desk.unsettle(found.id)


TAKE: dict[type[Observation], Callable[[Desk, Any], None]] = {
    CustomerObserved: customer,
    CustomerNamed: customer_named,
    PaymentObserved: payment,
    RefundObserved: refund,
    RefundTotalObserved: refund_total,
    DisputeObserved: dispute,
    ChargeObserved: charge,
    OfChargeObserved: of_charge,
    InvoiceObserved: invoice,
    InvoicePaymentObserved: invoice_payment,
    SaleObserved: sale,
    SubscriptionObserved: subscription,
    NextBillObserved: next_bill,
    MirrorObserved: mirrored,
}
