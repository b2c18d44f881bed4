"""payout.*: what the provider pays out to the bank."""

from __future__ import annotations

from ledger.aggregates.mirrors import Payout as Noun
from ledger.mirrors import Payout
from ledger.money import Money
from ledger.providers.stripe.observer import at, maybe_at
from ledger.providers.stripe.payloads import Seconds, SignedMinor, Text
from ledger.providers.stripe.readers.mirrored import Named, reader

RANKS = {"pending": 0, "in_transit": 1, "paid": 2, "canceled": 3, "failed": 3}


class Paying(Named, frozen=True):
    """`amount` is negative where the bank account makes up for a negative balance."""

    amount: SignedMinor
    currency: str
    created: Seconds
    status: str
    arrival_date: Seconds | None = None
    automatic: bool = False
    failure_code: Text | None = None
    method: Text | None = None
    reconciliation_status: Text | None = None


def state(payout: Paying) -> Payout:
    """A payout in our words."""
    return Payout(
        status=payout.status,
        amount=Money(abs(payout.amount), payout.currency),
        created=at(payout.created),
        arrives_at=maybe_at(payout.arrival_date),
        withdrawn=payout.amount < 0,
        automatic=payout.automatic,
        method=payout.method,
        failure_code=payout.failure_code,
        reconciled=payout.reconciliation_status == "completed",
    )


def _rank(payout: Paying) -> int:
    """Its status moves one way, and within one it is reconciled last."""
    return 1 + 2 * RANKS.get(payout.status, 0) + (payout.reconciliation_status == "completed")


created = reader(Noun, Paying, state, rank=0)
reported = reader(Noun, Paying, state, _rank)
paid = reader(Noun, Paying, state, _rank, since="paid")
failed = reader(Noun, Paying, state, _rank, since="failed")
