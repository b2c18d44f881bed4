"""charge.*: the same money once more, and what of it went back in all."""

from __future__ import annotations

from ledger.money import Money
from ledger.observations import (
    ChargeObserved,
    Observation,
    Payer,
    PaymentObserved,
    PaymentOutcome,
    RefundTotalObserved,
    Terms,
)
from ledger.providers.stripe import contract
from ledger.providers.stripe.observer import StripeEvent, at
from ledger.providers.stripe.payloads import Charge, link

NOT_YET = ("pending", "failed")


def reported(event: StripeEvent) -> tuple[Observation, ...]:
    """Money came in once the charge is captured; until then it is only reserved.

    A bank debit counts as captured from the start, though it is pending for days and may fail.
    """
    charge = event.object(Charge)
    if not charge.captured or charge.status in NOT_YET:
        return _observed(event, charge, "pending")
    captured = charge.amount if charge.amount_captured is None else charge.amount_captured
    return _observed(event, charge, "paid", Money(captured, charge.currency))


def pending(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, event.object(Charge), "pending")


def failed(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, event.object(Charge), "failed")


def refunded(event: StripeEvent) -> tuple[Observation, ...]:
    """The sum of refunds."""
    charge = event.object(Charge)
    total = RefundTotalObserved(
        payment_id(charge), Money(charge.amount_refunded, charge.currency), event.created
    )
    return (*_observed(event, charge, "pending"), total)


def payment_id(charge: Charge) -> str:
    """The id of the money: the payment intent, or the charge itself from before there were any."""
    return link(charge.payment_intent) or charge.id


def _observed(
    event: StripeEvent, charge: Charge, outcome: PaymentOutcome, received: Money | None = None
) -> tuple[Observation, ...]:
    snapshot = event.snapshot(Charge, terms, rank=1)
    by = charge.id if received else None
    seen = PaymentObserved(payment_id(charge), "charge", snapshot, outcome, received, None, by)
    if charge.payment_intent is not None:
        return (seen,)
    return (seen, ChargeObserved(charge.id, charge.id))


def terms(charge: Charge) -> Terms:
    """What a charge says the payment is for."""
    metadata = charge.metadata
    email = charge.billing_details.email if charge.billing_details else None
    return Terms(
        opened_at=at(charge.created),
        payer=Payer(
            contract.said(metadata, "user_id"), link(charge.customer), charge.receipt_email or email
        ),
        amount=Money(charge.amount, charge.currency),
        description=charge.description,
        platform=contract.said(metadata, "platform"),
        features=contract.features(metadata),
        credits=contract.credits(metadata),
        one_off=charge.payment_intent is None or contract.is_sale(metadata),
    )
