"""Payments: what each one came to, whoever reported it and in whatever order."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from ledger.aggregates.purchase_events import (
    Attributed,
    Contradicted,
    Described,
    DisputeReported,
    InvoiceSettled,
    Paid,
    PaymentClosed,
    RefundReported,
    RefundTotalReported,
)
from ledger.policy import Sums, purchase_status
from projections.common import place
from projections.projection import Projection
from projections.purchase_row import Purchase


def described(row: Purchase | None, event: Described) -> Purchase:
    """What it is for, by all who report it."""
    row, terms = row or unseen(event.originator_id), event.terms
    doubts = _doubts(row, event.source, event.standing.ambiguous)
    return _with_status(
        row,
        seen=True,
        ours=event.ours,
        currency=terms.amount.currency if terms.amount else row.currency,
        amount_minor=terms.amount.minor if terms.amount else None,
        credits=terms.credits,
        features=terms.features,
        description=terms.description,
        opened_at=terms.opened_at,
        ambiguous=bool(doubts),
        doubts=doubts,
    )


def paid(row: Purchase | None, event: Paid) -> Purchase:
    """The money came."""
    return _with_status(
        row or unseen(event.originator_id),
        seen=True,
        currency=_asked_in(row) or event.received.currency,
        paid_minor=event.received.minor,
        paid_at=event.paid_at,
        charge_id=event.charge_id,
        conflict=event.conflict,
    )


def contradicted(row: Purchase | None, event: Contradicted) -> Purchase:
    """Facts of the payment contradict each other, or do not any more."""
    return _with_status(row or unseen(event.originator_id), conflict=event.conflict)


def closed(row: Purchase | None, event: PaymentClosed) -> Purchase:
    """An attempt failed, or nobody will pay any more."""
    return _with_status(row or unseen(event.originator_id), seen=True, closed=event.outcome)


def refunded(row: Purchase | None, event: RefundReported) -> Purchase:
    """Money went back, or a refund failed; the event carries the sum."""
    row = row or unseen(event.originator_id)
    currency = row.currency or event.refund.amount.currency
    return _with_status(row, seen=True, currency=currency, refunded_minor=event.refunded_minor)


def refunded_in_all(row: Purchase | None, event: RefundTotalReported) -> Purchase:
    """The provider's own sum of refunds."""
    row = row or unseen(event.originator_id)
    currency = row.currency or event.total.currency
    return _with_status(row, seen=True, currency=currency, refunded_minor=event.refunded_minor)


def disputed(row: Purchase | None, event: DisputeReported) -> Purchase:
    """A chargeback moved on; the event carries the sums."""
    row = row or unseen(event.originator_id)
    doubts = _doubts(row, event.dispute_id, event.standing.ambiguous)
    return _with_status(
        row,
        seen=True,
        currency=row.currency or event.standing.state.amount.currency,
        disputed_minor=event.disputed_minor,
        lost_minor=event.lost_minor,
        ambiguous=bool(doubts),
        doubts=doubts,
    )


def settled(row: Purchase | None, event: InvoiceSettled) -> Purchase:
    """It pays an invoice; of several nothing tells how much is whose."""
    row = row or unseen(event.originator_id)
    doubts = _doubts(row, "invoices", len(event.invoice_ids) > 1)
    return replace(row, invoice_id=event.invoice_id, ambiguous=bool(doubts), doubts=doubts)


def attributed(row: Purchase | None, event: Attributed) -> Purchase:
    """Whose payment it is."""
    return replace(
        row or unseen(event.originator_id),
        customer_id=event.customer_id,
        provider_customer_id=event.provider_customer_id,
    )


def unseen(stream: str) -> Purchase:
    """A payment others speak of, which was not reported itself."""
    _, account, key = place(stream)
    return Purchase(stream, key, account)


def _with_status(row: Purchase, **changes: object) -> Purchase:
    changed: Purchase = replace(row, **changes)
    sums = Sums(
        None if changed.paid_at is None else changed.paid_minor,
        changed.refunded_minor,
        changed.disputed_minor,
        changed.lost_minor,
    )
    status = _status(sums, changed.closed, changed.ours, changed.conflict is not None)
    return changed if status == changed.status else replace(changed, status=status)


# Most payments come to one of a few prices.
_status = lru_cache(maxsize=10_000)(purchase_status)


def _asked_in(row: Purchase | None) -> str | None:
    """The currency the payment was asked for in, which says more than what one report paid."""
    return row.currency if row and row.amount_minor is not None else None


def _doubts(row: Purchase, source: str, ambiguous: bool) -> tuple[str, ...]:
    """Who reported two states of one second that nothing can order."""
    if not ambiguous and not row.doubts:
        return ()
    others = [each for each in row.doubts if each != source]
    return tuple(sorted([*others, source])) if ambiguous else tuple(others)


PURCHASES = Projection(
    name="purchases",
    comment="Every payment that was seen, those of invoices too. Key: account, purchase_id.",
    row=Purchase,
    key=("stream",),
    folds={
        Described: described,
        Paid: paid,
        Contradicted: contradicted,
        PaymentClosed: closed,
        RefundReported: refunded,
        RefundTotalReported: refunded_in_all,
        DisputeReported: disputed,
        InvoiceSettled: settled,
        Attributed: attributed,
    },
    private=frozenset({"stream", "seen", "ours", "closed", "lost_minor", "doubts"}),
    shown="seen",
    indexes=(("purchase_id",), ("customer_id",), ("invoice_id",), ("charge_id",), ("opened_at",)),
)
