"""Receipts: paid invoices, and one-off purchases that are paid."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates import invoice_events as invoice
from ledger.aggregates import purchase_events as purchase
from projections.common import Account, Currency, Owner, Stream, place
from projections.projection import Projection
from projections.rows import Row


class PaidInvoice(Row, frozen=True):
    """Money received once: a payment that settles an invoice has no row besides the invoice's."""

    stream: Stream
    invoice_id: Annotated[
        str, Meta(description="The invoice, or the purchase if it was sold without one.")
    ]
    account: Account
    customer_id: Owner
    subscription_id: Annotated[
        str | None, Meta(description="The subscription that was billed, if one was.")
    ]
    number: Annotated[str | None, Meta(description="The number printed on the invoice.")]
    currency: Currency
    amount_paid_minor: Annotated[int, Meta(description="What was paid; 0 for a free one.")]
    amount_refunded_minor: Annotated[int, Meta(description="What of it was refunded.")]
    paid_at: Annotated[datetime, Meta(description="When it was paid.")]
    period_start: Annotated[datetime | None, Meta(description="Start of the billed period.")]
    period_end: Annotated[datetime | None, Meta(description="End of the billed period.")]


def receipted(
    row: PaidInvoice | None, event: invoice.Receipted | purchase.Receipted
) -> PaidInvoice | None:
    """The receipt as it stands; none when it is not paid, or the payment is an invoice's."""
    receipt = event.receipt
    if receipt is None:
        return None
    _, account, key = place(event.originator_id)
    return PaidInvoice(
        stream=event.originator_id,
        invoice_id=key,
        account=account,
        customer_id=receipt.customer_id,
        subscription_id=receipt.subscription_id,
        number=receipt.number,
        currency=receipt.paid.currency,
        amount_paid_minor=receipt.paid.minor,
        amount_refunded_minor=receipt.refunded_minor,
        paid_at=receipt.paid_at,
        period_start=receipt.period.start if receipt.period else None,
        period_end=receipt.period.end if receipt.period else None,
    )


PAID_INVOICES = Projection(
    name="paid_invoices",
    comment="Paid invoices and paid one-off purchases. Key: account, invoice_id.",
    row=PaidInvoice,
    key=("stream",),
    folds={invoice.Receipted: receipted, purchase.Receipted: receipted},
    indexes=(("invoice_id",), ("customer_id",), ("subscription_id",), ("paid_at",)),
)
