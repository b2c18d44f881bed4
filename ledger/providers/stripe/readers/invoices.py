"""invoice.* and invoice_payment.paid: what is or will be billed, and which payment settled it."""

from __future__ import annotations

from datetime import datetime
from typing import cast, get_args

from ledger.errors import Refusal
from ledger.money import Money
from ledger.observations import (
    Bill,
    InvoiceObserved,
    InvoicePaymentObserved,
    InvoiceStatus,
    Observation,
    Payer,
    Period,
)
from ledger.providers.stripe import contract
from ledger.providers.stripe.observer import StripeEvent, at, maybe_at
from ledger.providers.stripe.payloads import (
    Invoice,
    InvoicePayment,
    Line,
    StatusTransitions,
    UpcomingInvoice,
    link,
)
from ledger.upcoming import NextBill, NextBillObserved

STATUSES: tuple[str, ...] = get_args(InvoiceStatus)  # in the order an invoice moves through them


class UnknownInvoiceStatus(Refusal):
    def __init__(self, status: str) -> None:
        super().__init__(f"{status!r} is no status of an invoice ({', '.join(STATUSES)})")


def reported(event: StripeEvent) -> tuple[Observation, ...]:
    """An invoice as it stands: its status only moves forward, so it ranks within a second."""
    invoice = event.object(Invoice)
    rank = 2 * STATUSES.index(_status(invoice)) + (invoice.amount_overpaid > 0)
    snapshot = event.snapshot(Invoice, lambda it: bill(it, event), rank)
    return (InvoiceObserved(invoice.id, snapshot),)


def payment(event: StripeEvent) -> tuple[Observation, ...]:
    """The link between a payment and an invoice; money from elsewhere has no payment of ours."""
    settled = event.object(InvoicePayment)
    invoice_id = link(settled.invoice)
    payment_id = link(settled.payment.payment_intent) or link(settled.payment.charge)
    if invoice_id is None or payment_id is None:
        return ()
    return (InvoicePaymentObserved(invoice_id, payment_id),)


def upcoming(event: StripeEvent) -> tuple[Observation, ...]:
    """What a subscription is billed when its period is over; there is no such invoice yet."""
    preview = event.object(UpcomingInvoice)
    details = preview.parent.subscription_details if preview.parent else None
    subscription_id = link(details.subscription) if details else None
    if subscription_id is None:
        return ()
    snapshot = event.snapshot(UpcomingInvoice, _next_bill, rank=0)
    return (NextBillObserved(subscription_id, snapshot),)


def _next_bill(preview: UpcomingInvoice) -> NextBill:
    return NextBill(at(preview.period_end), Money(max(0, preview.amount_due), preview.currency))


def bill(invoice: Invoice, event: StripeEvent) -> Bill:
    """An invoice in our words."""
    details = invoice.parent.subscription_details if invoice.parent else None
    subscription_id = link(details.subscription) if details else None
    user_id = contract.said(details.metadata if details else None, "user_id")
    lines = invoice.lines.data if invoice.lines else []
    moved = invoice.status_transitions or StatusTransitions()
    due = invoice.total if invoice.amount_due is None else invoice.amount_due
    left = invoice.amount_remaining
    own = [line for line in lines if _subscription_of(line) == subscription_id]
    covers = _covered(own) if subscription_id else None
    billed = _span(own) if subscription_id else None
    return Bill(
        status=_status(invoice),
        payer=Payer(
            user_id or contract.said(invoice.metadata, "user_id"),
            link(invoice.customer),
            invoice.customer_email,
        ),
        total=Money(max(0, invoice.total), invoice.currency),
        paid=Money(invoice.amount_paid, invoice.currency),
        number=invoice.number,
        subscription_id=subscription_id,
        period=billed or _span(lines),
        covers=covers,
        paid_at=_paid_at(invoice, event),
        attempt_count=invoice.attempt_count,
        next_attempt_at=maybe_at(invoice.next_payment_attempt),
        due_minor=max(0, due),
        remaining_minor=max(0, due - invoice.amount_paid if left is None else left),
        overpaid_minor=invoice.amount_overpaid,
        due_at=maybe_at(invoice.due_date),
        finalized_at=maybe_at(moved.finalized_at),
        voided_at=maybe_at(moved.voided_at),
        uncollectible_at=maybe_at(moved.marked_uncollectible_at),
    )


def _status(invoice: Invoice) -> InvoiceStatus:
    if invoice.status not in STATUSES:
        raise UnknownInvoiceStatus(invoice.status)
    return cast("InvoiceStatus", invoice.status)


def _paid_at(invoice: Invoice, event: StripeEvent) -> datetime | None:
    if invoice.status != "paid":
        return None
    transitions = invoice.status_transitions
    return at(transitions.paid_at) if transitions and transitions.paid_at else event.created


def _subscription_of(line: Line) -> str | None:
    """The subscription a line bills, as an item of it or as an invoice item added to it."""
    parent = line.parent
    for details in (
        (parent.subscription_item_details, parent.invoice_item_details) if parent else ()
    ):
        if details and details.subscription:
            return link(details.subscription)
    return None


def _span(lines: list[Line]) -> Period | None:
    """From the first start to the last end."""
    if not lines:
        return None
    start, end = (min(line.period.start for line in lines), max(line.period.end for line in lines))
    return Period(at(start), at(end))


def _covered(lines: list[Line]) -> Period | None:
    """The stretch that is paid for: a credit for unused time of a longer cycle pays for none."""
    span = _span(lines)
    billed = [line for line in lines if line.amount > 0]
    free = [line for line in lines if line.amount == 0]
    paying = _span(billed or free)
    return Period(span.start, paying.end) if span and paying else span
