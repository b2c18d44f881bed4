"""charge.*: the same money once more, and what of it went back in all."""

from __future__ import annotations

from ledger.money import Money
from ledger.observations import (
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
from ledger.providers.stripe.readers import refunds

NOT_YET = ("pending", "failed")


def reported(event: StripeEvent) -> tuple[Observation, ...]:
    """Money came in once the charge is captured; until then it is only reserved.

    A bank debit counts as captured from the start, though it is pending for days and may fail.
    """
    charge = event.object(Charge)
    if not charge.captured or charge.status in NOT_YET:
        return (_observed(event, charge, "pending"),)
    captured = charge.amount if charge.amount_captured is None else charge.amount_captured
    return (_observed(event, charge, "paid", Money(captured, charge.currency)),)


def pending(event: StripeEvent) -> tuple[Observation, ...]:
    return (_observed(event, event.object(Charge), "pending"),)


def failed(event: StripeEvent) -> tuple[Observation, ...]:
    return (_observed(event, event.object(Charge), "failed"),)


def refunded(event: StripeEvent) -> tuple[Observation, ...]:
    """The sum of refunds, and before 2022-11-15 the refunds themselves."""
    charge = event.object(Charge)
    total = RefundTotalObserved(
        payment_id(charge), Money(charge.amount_refunded, charge.currency), event.created
    )
    singles = charge.refunds.data if charge.refunds else []
    return (
        _observed(event, charge, "pending"),
        total,
        *(refunds.observed(one, payment_id(charge), event.created) for one in singles),
    )


def payment_id(charge: Charge) -> str:
    """The id of the money: the payment intent, or the charge itself from before there were any."""
    return link(charge.payment_intent) or charge.id


def _observed(
    event: StripeEvent, charge: Charge, outcome: PaymentOutcome, received: Money | None = None
) -> Observation:
    snapshot = event.snapshot(Charge, terms, rank=1)
    return PaymentObserved(payment_id(charge), "charge", snapshot, outcome, received)


def terms(charge: Charge) -> Terms:
    """What a charge says the payment is for; one without a payment intent names its invoice."""
    metadata, invoice_id = charge.metadata, link(charge.invoice)
    email = charge.billing_details.email if charge.billing_details else None
    alone = charge.payment_intent is None
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
        invoice_id=invoice_id,
        one_off=invoice_id is None and (alone or contract.is_sale(metadata)),
    )
