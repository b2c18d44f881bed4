"""All final invoices as they stand: what is owed, paid, withdrawn or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates.invoice_events import Billed
from projections.common import (
    Account,
    Ambiguous,
    Currency,
    Owner,
    ProviderCustomerId,
    Stream,
    place,
)
from projections.projection import Projection
from projections.rows import Row


class Invoice(Row, frozen=True):
    """A final invoice; drafts may still change and are not shown. `paid_invoices` has receipts."""

    stream: Stream
    invoice_id: Annotated[str, Meta(description="The provider's id, in_...")]
    account: Account
    customer_id: Owner
    provider_customer_id: ProviderCustomerId
    subscription_id: Annotated[
        str | None, Meta(description="The subscription that is billed, if one is.")
    ]
    number: Annotated[str | None, Meta(description="The number printed on the invoice.")]
    status: Annotated[str, Meta(description="open, paid, void, or uncollectible: given up.")]
    currency: Currency
    total_minor: Annotated[int, Meta(description="What was billed; 0 where credit exceeds it.")]
    due_minor: Annotated[
        int, Meta(description="What was asked for, after any balance of the customer.")
    ]
    paid_minor: Annotated[int, Meta(description="What was paid so far.")]
    remaining_minor: Annotated[
        int, Meta(description="What is owed still, after credit notes; 0 once paid or void.")
    ]
    overpaid_minor: Annotated[int, Meta(description="What was paid beyond what was due.")]
    attempt_count: Annotated[int, Meta(description="How often collecting it was tried.")]
    next_attempt_at: Annotated[
        datetime | None, Meta(description="When collecting it is tried next.")
    ]
    finalized_at: Annotated[datetime | None, Meta(description="When it became final.")]
    due_at: Annotated[
        datetime | None, Meta(description="By when it is to be paid, if it is sent to be paid.")
    ]
    paid_at: Annotated[datetime | None, Meta(description="When it was paid in full.")]
    voided_at: Annotated[datetime | None, Meta(description="When it was withdrawn.")]
    uncollectible_at: Annotated[datetime | None, Meta(description="When it was given up.")]
    period_start: Annotated[datetime | None, Meta(description="Start of the billed period.")]
    period_end: Annotated[datetime | None, Meta(description="End of the billed period.")]
    ambiguous: Ambiguous


def billed(row: Invoice | None, event: Billed) -> Invoice:
    """The invoice as it stands, whole."""
    _category, account, key = place(event.originator_id)
    receivable = event.receivable
    bill = receivable.bill
    return Invoice(
        stream=event.originator_id,
        invoice_id=key,
        account=account,
        customer_id=receivable.customer_id,
        provider_customer_id=bill.payer.provider_customer_id,
        subscription_id=bill.subscription_id,
        number=bill.number,
        status=bill.status,
        currency=bill.total.currency,
        total_minor=bill.total.minor,
        due_minor=bill.due_minor,
        paid_minor=bill.paid.minor,
        remaining_minor=receivable.remaining_minor,
        overpaid_minor=bill.overpaid_minor,
        attempt_count=bill.attempt_count,
        next_attempt_at=bill.next_attempt_at,
        finalized_at=bill.finalized_at,
        due_at=bill.due_at,
        paid_at=bill.paid_at,
        voided_at=bill.voided_at,
        uncollectible_at=bill.uncollectible_at,
        period_start=bill.period.start if bill.period else None,
        period_end=bill.period.end if bill.period else None,
        ambiguous=receivable.ambiguous,
    )


INVOICES = Projection(
    name="invoices",
    comment="Final invoices as they stand. Key: account, invoice_id.",
    row=Invoice,
    key=("stream",),
    folds={Billed: billed},
    indexes=(("invoice_id",), ("customer_id",), ("subscription_id",), ("status", "due_at")),
)
