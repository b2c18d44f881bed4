"""refund.* and charge.refund.updated: one refund as it stands."""

from __future__ import annotations

from datetime import datetime

from ledger.money import Money
from ledger.observations import Observation, Refund, RefundObserved, RefundStatus
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
    payment_id = link(refund.payment_intent) or link(refund.charge)
    return (observed(refund, payment_id, event.created),) if payment_id else ()


def observed(refund: payloads.Refund, payment_id: str, at: datetime) -> Observation:
    """A refund in our words; a status nobody knows yet waits like a pending one."""
    status = STATUSES.get(refund.status, "pending")
    amount = Money(refund.amount, refund.currency)
    return RefundObserved(payment_id, refund.id, Refund(amount, status, at))
