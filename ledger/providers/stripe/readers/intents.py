"""payment_intent.*: the money itself, and what the application said it is for."""

from __future__ import annotations

from ledger.money import Money
from ledger.observations import Observation, Payer, PaymentObserved, PaymentOutcome, Terms
from ledger.providers.stripe import contract
from ledger.providers.stripe.observer import StripeEvent, at
from ledger.providers.stripe.payloads import PaymentIntent, link


def created(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, "pending", rank=0, born=True)


def pending(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, "pending", rank=1)


def failed(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, "failed", rank=1)


def canceled(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, "canceled", rank=2)


def succeeded(event: StripeEvent) -> tuple[Observation, ...]:
    intent = event.object(PaymentIntent)
    received = Money(intent.amount_received, intent.currency)
    return _observed(event, "paid", rank=2, received=received)


def _observed(
    event: StripeEvent,
    outcome: PaymentOutcome,
    rank: int,
    born: bool = False,
    received: Money | None = None,
) -> tuple[Observation, ...]:
    snapshot = event.snapshot(PaymentIntent, terms, rank, born)
    intent = event.object(PaymentIntent)
    by = link(intent.latest_charge) if received else None
    seen = PaymentObserved(intent.id, "intent", snapshot, outcome, received, _ordered(intent), by)
    return (seen,)


def terms(intent: PaymentIntent) -> Terms:
    """What a payment intent says the payment is for."""
    metadata = intent.metadata
    return Terms(
        opened_at=at(intent.created),
        payer=Payer(
            contract.said(metadata, "user_id"), link(intent.customer), intent.receipt_email
        ),
        amount=Money(intent.amount, intent.currency),
        description=intent.description,
        platform=contract.said(metadata, "platform"),
        features=contract.features(metadata),
        credits=contract.credits(metadata),
        one_off=contract.is_sale(metadata),
        account_payment=contract.said(metadata, "account_payment"),
    )


def _ordered(intent: PaymentIntent) -> str | None:
    """The invoice since 2025-09-30, where Stripe's own reference is one."""
    reference = intent.payment_details.order_reference if intent.payment_details else None
    return reference if reference and reference.startswith("in_") else None
