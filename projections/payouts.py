"""Payouts: what the provider paid out to the bank, or could not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Currency, Stream
from projections.mirrored import CreatedAt, mirror_of
from projections.rows import Row


class Payout(Row, frozen=True):
    """One payout; even a paid one may fail some days later, and has both times then."""

    stream: Stream
    payout_id: Annotated[str, Meta(description="The provider's id, po_...")]
    account: Account
    status: Annotated[str, Meta(description="pending, in_transit, paid, failed or canceled.")]
    currency: Currency
    amount_minor: Annotated[
        int, Meta(description="What is paid out; negative where the bank made up for a deficit.")
    ]
    automatic: Annotated[bool, Meta(description="By the provider's schedule, not asked for.")]
    method: Annotated[str | None, Meta(description="standard or instant.")]
    failure_code: Annotated[str | None, Meta(description="Why it failed: account_closed, ...")]
    reconciled: Annotated[bool, Meta(description="The provider can tell which payments are in it.")]
    created_at: CreatedAt
    arrives_at: Annotated[datetime | None, Meta(description="When the bank is to have it.")]
    paid_at: Annotated[datetime | None, Meta(description="When it was first reported paid.")]
    failed_at: Annotated[datetime | None, Meta(description="When it was first reported failed.")]
    ambiguous: Ambiguous


def row(event: nouns.PayoutReported, payout: mirrors.Payout, account: str, key: str) -> Payout:
    """A payout as it stands."""
    return Payout(
        stream=event.originator_id,
        payout_id=key,
        account=account,
        status=payout.status,
        currency=payout.amount.currency,
        amount_minor=-payout.amount.minor if payout.withdrawn else payout.amount.minor,
        automatic=payout.automatic,
        method=payout.method,
        failure_code=payout.failure_code,
        reconciled=payout.reconciled,
        created_at=payout.created,
        arrives_at=payout.arrives_at,
        paid_at=event.since.get("paid"),
        failed_at=event.since.get("failed"),
        ambiguous=event.ambiguous,
    )


PAYOUTS = mirror_of(
    *(nouns.Payout, Payout, row, "payouts"),
    "What the provider paid out to the bank. Key: account, payout_id.",
    *("payout_id", "arrives_at"),
)
