"""refund.* and charge.refund.updated: one refund as it stands."""

from __future__ import annotations

from datetime import datetime

from ledger.money import Money
from ledger.observations import (
    Observation,
    OfChargeObserved,
    Refund,
    RefundObserved,
    RefundStatus,
)
from ledger.providers.stripe import payloads
from ledger.providers.stripe.observer import StripeEvent
from ledger.providers.stripe.payloads import link

STATUSES: dict[str | None, RefundStatus] = {
    None: "succeeded",  # refunds had no status before 2015
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}


def reported(event: StripeEvent) -> tuple[Observation, ...]:
    """One refund; one of no payment (of a customer's balance, say) says nothing."""
    refund = event.object(payloads.Refund)
    payment_id, charge_id = link(refund.payment_intent), link(refund.charge)
    if payment_id is not None:
        return (observed(refund, payment_id, event.created),)
    if charge_id is not None:
        return (OfChargeObserved(charge_id, observed(refund, charge_id, event.created)),)
    return ()


def observed(refund: payloads.Refund, payment_id: str, at: datetime) -> RefundObserved:
    """A refund in our words; a status nobody knows yet waits like a pending one."""
    status = STATUSES.get(refund.status, "pending")
    amount = Money(refund.amount, refund.currency)
    return RefundObserved(payment_id, refund.id, Refund(amount, status, at))
