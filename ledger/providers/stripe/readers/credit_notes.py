"""credit_note.*: what is taken off a final invoice, before or after it was paid."""

from __future__ import annotations

from ledger.aggregates.mirrors import CreditNote as Noun
from ledger.mirrors import CreditNote
from ledger.money import Minor, Money
from ledger.providers.stripe.observer import at, maybe_at
from ledger.providers.stripe.payloads import Link, Payload, Seconds, Text, link
from ledger.providers.stripe.readers.mirrored import Named, reader


class NotedRefund(Payload, frozen=True):
    amount_refunded: Minor = 0
    refund: Link = None


class Note(Named, frozen=True):
    """The two parts are told since 2025-05-28; before, a note was wholly of one `type`."""

    amount: Minor
    currency: str
    created: Seconds
    status: str
    type: str
    customer: Link = None
    customer_balance_transaction: Link = None
    effective_at: Seconds | None = None
    invoice: Link = None
    number: Text | None = None
    out_of_band_amount: Minor | None = None
    post_payment_amount: Minor | None = None
    pre_payment_amount: Minor | None = None
    reason: Text | None = None
    refund: Link = None  # until 2025-03-31
    refunds: list[NotedRefund] | None = None
    voided_at: Seconds | None = None


def state(note: Note) -> CreditNote:
    """A credit note in our words."""
    paid_back = _post_payment(note)
    refunded, out_of_band = _refunded(note, paid_back), note.out_of_band_amount or 0
    credited = paid_back - refunded - out_of_band if note.customer_balance_transaction else 0
    pre_payment = note.pre_payment_amount
    return CreditNote(
        provider_customer_id=link(note.customer),
        status=note.status,
        invoice_id=link(note.invoice),
        number=note.number,
        reason=note.reason,
        amount=Money(note.amount, note.currency),
        created=at(note.created),
        effective_at=maybe_at(note.effective_at),
        pre_payment_minor=note.amount - paid_back if pre_payment is None else pre_payment,
        post_payment_minor=paid_back,
        refunded_minor=refunded,
        credited_minor=max(0, credited),
        out_of_band_minor=out_of_band,
        refund_ids=_refund_ids(note),
        voided_at=maybe_at(note.voided_at),
    )


def _post_payment(note: Note) -> int:
    if note.post_payment_amount is not None:
        return note.post_payment_amount
    return note.amount if note.type == "post_payment" else 0


def _refunded(note: Note, paid_back: int) -> int:
    """What went back by refunds; older notes name one refund, and no amount of it."""
    if note.refunds:
        return sum(each.amount_refunded for each in note.refunds)
    return paid_back - (note.out_of_band_amount or 0) if note.refund else 0


def _refund_ids(note: Note) -> tuple[str, ...]:
    named = [link(each.refund) for each in note.refunds or ()] or [link(note.refund)]
    return tuple(sorted(each for each in named if each))


created = reader(Noun, Note, state, rank=0)
updated = reader(Noun, Note, state, rank=1)
voided = reader(Noun, Note, state, rank=2)
