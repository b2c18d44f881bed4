"""charge.dispute.*: a chargeback as it stands."""

from __future__ import annotations

from ledger.money import Money
from ledger.observations import (
    Dispute,
    DisputeObserved,
    DisputeStatus,
    Observation,
    OfChargeObserved,
)
from ledger.providers.stripe import payloads
from ledger.providers.stripe.observer import StripeEvent
from ledger.providers.stripe.payloads import link

STATUSES: dict[str, DisputeStatus] = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "warning_closed": "inquiry",
    "charge_refunded": "inquiry",  # the refund speaks for itself
    "prevented": "inquiry",
    "needs_response": "open",
    "under_review": "open",
    "won": "won",
    "lost": "lost",
    "appeal_needs_response": "lost",  # lost until the appeal is won
    "appeal_under_review": "lost",
}


def created(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=0)


def updated(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=1)


def closed(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=2)


def _observed(event: StripeEvent, rank: int) -> tuple[Observation, ...]:
    dispute = event.object(payloads.Dispute)
    payment_id, charge_id = link(dispute.payment_intent), link(dispute.charge)
    snapshot = event.snapshot(payloads.Dispute, state, rank)
    if payment_id is not None:
        return (DisputeObserved(payment_id, dispute.id, snapshot),)
    if charge_id is not None:
        return (OfChargeObserved(charge_id, DisputeObserved(charge_id, dispute.id, snapshot)),)
    return ()


def state(dispute: payloads.Dispute) -> Dispute:
    """A dispute in our words; a status nobody knows yet holds the money like an open one."""
    amount = Money(dispute.amount, dispute.currency)
    return Dispute(amount, STATUSES.get(dispute.status, "open"))
