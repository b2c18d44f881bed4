"""All final invoices as they stand: what is owed, paid, withdrawn or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.aggregates.invoice import (
    Attributed,
    Credited,
    Finalized,
    MarkedUncollectible,
    Paid,
    PaymentFailed,
    Told,
    Updated,
    Voided,
)
from projections.common import Account, Ambiguous, Owner, ProviderCustomerId, Stream, place
from projections.projection import Projection
from projections.rows import Row


class Invoice(Row, frozen=True):
    """A final invoice; drafts may still change and are not shown. `paid_invoices` has receipts."""

    stream: Stream
    invoice_id: Annotated[str, Meta(description="The provider's id, in_...")]
    account: Account
    customer_id: Owner = None
    provider_customer_id: ProviderCustomerId = None
    subscription_id: Annotated[
        str | None, Meta(description="The subscription that is billed, if one is.")
    ] = None
    number: Annotated[str | None, Meta(description="The number printed on the invoice.")] = None
    status: Annotated[
        str | None, Meta(description="open, paid, void, or uncollectible: given up.")
    ] = None
    currency: Annotated[
        str | None,
        Meta(description="ISO 4217 code in lower case; amounts are in its minor units."),
    ] = None
    total_minor: Annotated[int, Meta(description="What was billed; 0 where credit exceeds it.")] = 0
    due_minor: Annotated[
        int, Meta(description="What was asked for, after any balance of the customer.")
    ] = 0
    paid_minor: Annotated[int, Meta(description="What was paid so far.")] = 0
    remaining_minor: Annotated[
        int, Meta(description="What is owed still, after credit notes; 0 once paid or void.")
    ] = 0
    overpaid_minor: Annotated[int, Meta(description="What was paid beyond what was due.")] = 0
    attempt_count: Annotated[int, Meta(description="How often collecting it was tried.")] = 0
    next_attempt_at: Annotated[
        datetime | None, Meta(description="When collecting it is tried next.")
    ] = None
    finalized_at: Annotated[datetime | None, Meta(description="When it became final.")] = None
    due_at: Annotated[
        datetime | None, Meta(description="By when it is to be paid, if it is sent to be paid.")
    ] = None
    paid_at: Annotated[datetime | None, Meta(description="When it was paid in full.")] = None
    voided_at: Annotated[datetime | None, Meta(description="When it was withdrawn.")] = None
    uncollectible_at: Annotated[datetime | None, Meta(description="When it was given up.")] = None
    period_start: Annotated[datetime | None, Meta(description="Start of the billed period.")] = None
    period_end: Annotated[datetime | None, Meta(description="End of the billed period.")] = None
    ambiguous: Ambiguous = False


def standing(row: Invoice | None, event: Told) -> Invoice:
    """The newest report, whole."""
    bill = event.standing.state
    return replace(
        row or unseen(event.originator_id),
        subscription_id=bill.subscription_id,
        number=bill.number,
        status=bill.status,
        currency=bill.total.currency,
        total_minor=bill.total.minor,
        due_minor=bill.due_minor,
        paid_minor=bill.paid.minor,
        remaining_minor=event.remaining_minor,
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
        ambiguous=event.standing.ambiguous,
    )


def credited(row: Invoice | None, event: Credited) -> Invoice:
    """What a credit note leaves to pay."""
    left = event.remaining_minor or 0
    return replace(row or unseen(event.originator_id), remaining_minor=left)


def attributed(row: Invoice | None, event: Attributed) -> Invoice:
    """Whose invoice it is."""
    return replace(
        row or unseen(event.originator_id),
        customer_id=event.customer_id,
        provider_customer_id=event.provider_customer_id,
    )


def unseen(stream: str) -> Invoice:
    """An invoice others speak of, which was not reported itself."""
    _, account, key = place(stream)
    return Invoice(stream, key, account)


INVOICES = Projection(
    name="invoices",
    comment="Final invoices as they stand. Key: account, invoice_id.",
    row=Invoice,
    key=("stream",),
    folds={
        **dict.fromkeys(
            (Finalized, Updated, PaymentFailed, Paid, Voided, MarkedUncollectible), standing
        ),
        Credited: credited,
        Attributed: attributed,
    },
    shown="status IS NOT NULL",
    indexes=(("invoice_id",), ("customer_id",), ("subscription_id",), ("status", "due_at")),
)
