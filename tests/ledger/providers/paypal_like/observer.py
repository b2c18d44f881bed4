"""What the second provider's notices say, in the ledger's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from ledger.delivery import Delivery
from ledger.errors import Unreadable
from ledger.observations import (
    Bill,
    CustomerDetails,
    CustomerObserved,
    InvoiceObserved,
    Observation,
    Observed,
    Payer,
    PaymentObserved,
    Period,
    Plan,
    Refund,
    RefundObserved,
    SubscriptionObserved,
    Terms,
)
from ledger.providers import Observer
from ledger.snapshots import Snapshot
from tests.ledger.providers.paypal_like import shapes
from tests.ledger.providers.paypal_like.receiver import Notice
from tests.ledger.providers.paypal_like.wording import Cycle, features, read_custom

Reader = Callable[[Any, datetime], tuple[Observation, ...]]


class PaypalLikeObserver(Observer):
    """Pure, as every observer is."""

    def observe(self, delivery: Delivery) -> Observed:
        """What it says. Raises Unreadable."""
        envelope = delivery.envelope
        if envelope.type not in READERS:
            return Observed(envelope.scope, ignored=f"{envelope.type} is not read")
        shape, reader = READERS[envelope.type]
        try:
            notice = msgspec.json.decode(delivery.body, type=Notice)
            resource = msgspec.json.decode(notice.resource, type=shape)
            return Observed(envelope.scope, reader(resource, notice.create_time))
        except msgspec.MsgspecError as problem:
            raise Unreadable(envelope.type, str(problem)) from problem


def payer_created(payer: shapes.Payer, at: datetime) -> tuple[Observation, ...]:
    details = CustomerDetails(payer.create_time, payer.user_id, payer.email, payer.name)
    return (CustomerObserved(payer.id, Snapshot(details, at, born=True)),)


def payer_updated(payer: shapes.Payer, at: datetime) -> tuple[Observation, ...]:
    details = CustomerDetails(payer.create_time, payer.user_id, payer.email, payer.name)
    return (CustomerObserved(payer.id, Snapshot(details, at)),)


def captured(capture: shapes.Capture, at: datetime) -> tuple[Observation, ...]:
    """Money of an order: the order's id is the id of the money."""
    paid = capture.status == "COMPLETED"
    seen = PaymentObserved(
        capture.order,
        "intent",
        Snapshot(_terms(capture), at),
        "paid" if paid else "failed",
        capture.amount.money if paid else None,
        by_charge=capture.id if paid else None,
    )
    return (seen,)


def voided(order: shapes.Order, at: datetime) -> tuple[Observation, ...]:
    return (PaymentObserved(order.id, "intent", None, "canceled"),)


def refunded(refund: shapes.Refund, at: datetime) -> tuple[Observation, ...]:
    back = Refund(refund.amount.money, "succeeded", at)
    return (RefundObserved(refund.order, refund.id, back),)


def agreed(agreement: shapes.Agreement, at: datetime) -> tuple[Observation, ...]:
    return (SubscriptionObserved(agreement.id, Snapshot(_plan(agreement), at)),)


def sold(sale: shapes.Sale, at: datetime) -> tuple[Observation, ...]:
    """A cycle was paid: a bill and its money, both by the sale's id, for there is no other."""
    payer = Payer(read_custom(sale.custom).get("user_id"), sale.payer)
    money, covers = sale.amount.money, _period(sale.cycle)
    bill = Bill(
        status="paid",
        payer=payer,
        total=money,
        paid=money,
        subscription_id=sale.agreement,
        period=covers,
        covers=covers,
        paid_at=at,
        due_minor=money.minor,
        finalized_at=at,
    )
    terms = Terms(opened_at=at, payer=payer, amount=money)
    return (
        InvoiceObserved(sale.id, Snapshot(bill, at)),
        PaymentObserved(sale.id, "intent", Snapshot(terms, at), "paid", money, sale.id),
    )


READERS: dict[str, tuple[type[Any], Reader]] = {
    "PAYER.CREATED": (shapes.Payer, payer_created),
    "PAYER.UPDATED": (shapes.Payer, payer_updated),
    "PAYMENT.CAPTURE.COMPLETED": (shapes.Capture, captured),
    "PAYMENT.CAPTURE.DENIED": (shapes.Capture, captured),
    "PAYMENT.CAPTURE.REFUNDED": (shapes.Refund, refunded),
    "CHECKOUT.ORDER.VOIDED": (shapes.Order, voided),
    "BILLING.AGREEMENT.CREATED": (shapes.Agreement, agreed),
    "BILLING.AGREEMENT.UPDATED": (shapes.Agreement, agreed),
    "PAYMENT.SALE.COMPLETED": (shapes.Sale, sold),
}
"""Type of notice -> the shape of its resource, and what that says."""

STATUSES = {
    "APPROVAL_PENDING": "incomplete",
    "ACTIVE": "active",
    "SUSPENDED": "past_due",
    "CANCELLED": "canceled",
}
"""The provider's word for an agreement -> the ledger's word for a subscription."""


def _terms(capture: shapes.Capture) -> Terms:
    metadata = read_custom(capture.custom)
    return Terms(
        opened_at=capture.order_time,
        payer=Payer(metadata.get("user_id"), capture.payer),
        amount=capture.amount.money,
        description=capture.description,
        platform=metadata.get("platform"),
        features=features(metadata),
        credits=int(metadata.get("credits", 0)),
        one_off=True,
    )


def _plan(agreement: shapes.Agreement) -> Plan:
    metadata = read_custom(agreement.custom)
    period = _period(agreement.cycle) if agreement.cycle else None
    return Plan(
        status=STATUSES[agreement.status],
        payer=Payer(metadata.get("user_id"), agreement.payer),
        started_at=agreement.create_time,
        features=tuple(sorted({*agreement.gives, *features(metadata)})),
        quantity=agreement.quantity,
        period=period,
        cancel_at=period.end if agreement.ends and period else None,
        ended_at=agreement.end_time,
        cart_id=metadata.get("cart_id"),
    )


def _period(cycle: Cycle) -> Period:
    return Period(cycle.start, cycle.end)
