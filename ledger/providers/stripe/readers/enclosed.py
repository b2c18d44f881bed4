"""What older objects say of others, which events of their own or nothing say today.

Payments named the invoice they settle and invoices their payment, charges listed their refunds,
and objects tied a charge to its payment intent for those that name only the charge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ledger.observations import (
    ChargeObserved,
    InvoicePaymentObserved,
    Observation,
    SaleObserved,
)
from ledger.providers.stripe.observer import Reader, StripeEvent
from ledger.providers.stripe.payloads import Id, Link, Payload, Ref, Refund, link
from ledger.providers.stripe.readers import refunds


class Refunds(Payload, frozen=True):
    data: tuple[Refund, ...] = ()


class Charges(Payload, frozen=True):
    data: tuple[Ref, ...] = ()


class Older(Payload, frozen=True):
    """The links of an older object, as it came."""

    id: Id
    invoice: Link = None
    payment_intent: Link = None
    charge: Link = None
    charges: Charges | None = None
    refunds: Refunds | None = None


def besides(reader: Reader) -> Reader:
    """A reader that also says what older objects enclose."""

    def read(event: StripeEvent) -> tuple[Observation, ...]:
        said = reader(event)
        return said if event.date >= UNTIL else (*said, *enclosed(event))

    return read


def enclosed(event: StripeEvent) -> Iterator[Observation]:
    """What the object says of others. Raises msgspec.ValidationError."""
    kind = event.kind
    says = [kinds[kind] for until, kinds in ENCLOSED if event.date < until and kind in kinds]
    if says:
        older = event.as_it_came(Older)
        for say in says:
            yield from say(older, event.created)


def _settles(payment: Older, at: datetime) -> Iterator[Observation]:
    """A payment intent or charge: it pays this invoice, or none."""
    payment_id, invoice_id = link(payment.payment_intent) or payment.id, link(payment.invoice)
    if invoice_id is None:
        yield SaleObserved(payment_id)
    else:
        yield InvoicePaymentObserved(invoice_id, payment_id)


def _settled_by(invoice: Older, at: datetime) -> Iterator[Observation]:
    """An invoice: this payment is meant for it; one without says nothing."""
    payment_id = link(invoice.payment_intent) or link(invoice.charge)
    if payment_id is not None:
        yield InvoicePaymentObserved(invoice.id, payment_id)


def _refunds(charge: Older, at: datetime) -> Iterator[Observation]:
    """A charge: each of its refunds."""
    payment_id = link(charge.payment_intent) or charge.id
    for each in charge.refunds.data if charge.refunds else ():
        yield refunds.observed(each, payment_id, at)


def _charge(charge: Older, at: datetime) -> Iterator[Observation]:
    """A charge: the payment intent it belongs to."""
    payment_id = link(charge.payment_intent)
    if payment_id is not None:
        yield ChargeObserved(charge.id, payment_id)


def _charges(intent: Older, at: datetime) -> Iterator[Observation]:
    """A payment intent: its charges."""
    for each in intent.charges.data if intent.charges else ():
        yield ChargeObserved(each.id, intent.id)


def _both(other: Older, at: datetime) -> Iterator[Observation]:
    """An invoice, refund or dispute: the charge and the payment intent it names."""
    charge_id, payment_id = link(other.charge), link(other.payment_intent)
    if charge_id is not None and payment_id is not None:
        yield ChargeObserved(charge_id, payment_id)


Say = Callable[[Older, datetime], Iterator[Observation]]

ENCLOSED: tuple[tuple[str, dict[str, Say]], ...] = (
    (  # since 2020 refunds and disputes name the payment intent themselves
        "2020-08-27",
        {
            "charge": _charge,
            "payment_intent": _charges,
            "invoice": _both,
            "refund": _both,
            "dispute": _both,
        },
    ),
    ("2022-11-15", {"charge": _refunds}),
    ("2025-03-31", {"payment_intent": _settles, "charge": _settles, "invoice": _settled_by}),
)
"""Until which version -> kind of object -> what it says of others."""

UNTIL = ENCLOSED[-1][0]
