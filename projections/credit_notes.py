"""Credit notes: what was taken off final invoices, before or after their payment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Currency, Owner, ProviderCustomerId, Stream
from projections.mirrored import CreatedAt, mirror_of
from projections.rows import Row


class CreditNote(Row, frozen=True):
    """Its refunds are refunds of `purchases` and `paid_invoices` too: do not add them up."""

    stream: Stream
    credit_note_id: Annotated[str, Meta(description="The provider's id, cn_...")]
    account: Account
    customer_id: Owner
    provider_customer_id: ProviderCustomerId
    invoice_id: Annotated[str | None, Meta(description="The invoice it takes from.")]
    number: Annotated[str | None, Meta(description="The number printed on it.")]
    status: Annotated[str, Meta(description="issued, or void: then it counts for nothing.")]
    reason: Annotated[str | None, Meta(description="duplicate, fraudulent, order_change, ...")]
    currency: Currency
    amount_minor: Annotated[int, Meta(description="What it comes to in all.")]
    pre_payment_minor: Annotated[
        int, Meta(description="Taken off what was owed; nothing was paid back for it.")
    ]
    post_payment_minor: Annotated[int, Meta(description="Taken off what had been paid already.")]
    refunded_minor: Annotated[
        int, Meta(description="Of that, paid back by refunds, which other tables show too.")
    ]
    credited_minor: Annotated[
        int, Meta(description="Of that, kept as the customer's balance for later invoices.")
    ]
    out_of_band_minor: Annotated[
        int, Meta(description="Of that, paid back outside of the provider.")
    ]
    refund_ids: Annotated[tuple[str, ...], Meta(description="Its refunds, re_...")]
    created_at: CreatedAt
    effective_at: Annotated[datetime | None, Meta(description="The date printed on it.")]
    voided_at: Annotated[datetime | None, Meta(description="When it was voided.")]
    ambiguous: Ambiguous


def row(
    event: nouns.CreditNoteReported, note: mirrors.CreditNote, account: str, key: str
) -> CreditNote:
    """A credit note as it stands."""
    return CreditNote(
        stream=event.originator_id,
        credit_note_id=key,
        account=account,
        customer_id=event.customer_id,
        provider_customer_id=note.provider_customer_id,
        invoice_id=note.invoice_id,
        number=note.number,
        status=note.status,
        reason=note.reason,
        currency=note.amount.currency,
        amount_minor=note.amount.minor,
        pre_payment_minor=note.pre_payment_minor,
        post_payment_minor=note.post_payment_minor,
        refunded_minor=note.refunded_minor,
        credited_minor=note.credited_minor,
        out_of_band_minor=note.out_of_band_minor,
        refund_ids=note.refund_ids,
        created_at=note.created,
        effective_at=note.effective_at,
        voided_at=note.voided_at,
        ambiguous=event.ambiguous,
    )


CREDIT_NOTES = mirror_of(
    *(nouns.CreditNote, CreditNote, row, "credit_notes"),
    "What was taken off final invoices. Key: account, credit_note_id.",
    *("credit_note_id", "customer_id", "invoice_id"),
)
