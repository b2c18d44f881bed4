"""checkout.session.*: who checked out what, and whether that is paid yet."""

from __future__ import annotations

from datetime import datetime

from ledger.money import Money
from ledger.observations import (
    CustomerNamed,
    Observation,
    Payer,
    PaymentObserved,
    PaymentOutcome,
    Terms,
)
from ledger.providers.stripe import contract
from ledger.providers.stripe.observer import StripeEvent, at
from ledger.providers.stripe.payloads import CheckoutSession, link

PAID = ("paid", "no_payment_required")


def completed(event: StripeEvent) -> tuple[Observation, ...]:
    """Paid, or, by a delayed payment method, on its way."""
    return _observed(event, "pending", rank=0)


def paid_late(event: StripeEvent) -> tuple[Observation, ...]:
    """The delayed payment came."""
    return _observed(event, "paid", rank=1)


def abandoned(event: StripeEvent) -> tuple[Observation, ...]:
    """The session expired, or the delayed payment did not come."""
    return _observed(event, "abandoned", rank=1)


def _observed(event: StripeEvent, outcome: PaymentOutcome, rank: int) -> tuple[Observation, ...]:
    session = event.object(CheckoutSession)
    if session.mode != "payment":
        return _named(session, event)
    if outcome == "pending" and session.payment_status in PAID:
        outcome = "paid"
    payment_id = link(session.payment_intent) or session.id
    snapshot = event.snapshot(CheckoutSession, lambda it: terms(it, event), rank)
    received = _amount(session) if outcome == "paid" else None
    invoice_id = link(session.invoice)
    return (PaymentObserved(payment_id, "checkout", snapshot, outcome, received, invoice_id),)


def _named(session: CheckoutSession, event: StripeEvent) -> tuple[Observation, ...]:
    """A session that takes no payment itself still says which user its customer is."""
    customer_id, user_id = link(session.customer), _user(session)
    if not customer_id or not user_id:
        return ()
    return (CustomerNamed(customer_id, user_id, session.id, _opened_at(session, event)),)


def terms(session: CheckoutSession, event: StripeEvent) -> Terms:
    """What a session in payment mode says the payment is for."""
    metadata = session.metadata
    details = session.customer_details
    email = (details.email if details else None) or session.customer_email
    return Terms(
        opened_at=_opened_at(session, event),
        payer=Payer(_user(session), link(session.customer), email),
        amount=_amount(session),
        platform=contract.said(metadata, "platform"),
        features=contract.features(metadata),
        credits=contract.credits(metadata),
        one_off=session.invoice is None,
    )


def _opened_at(session: CheckoutSession, event: StripeEvent) -> datetime:
    return event.created if session.created is None else at(session.created)


def _user(session: CheckoutSession) -> str | None:
    return contract.said(session.metadata, "user_id") or contract.bounded(
        "client_reference_id", session.client_reference_id
    )


def _amount(session: CheckoutSession) -> Money | None:
    if session.amount_total is None or session.currency is None:
        return None
    return Money(session.amount_total, session.currency)
