"""What objects say that were fetched as they stand: like the event that would tell so."""

from __future__ import annotations

from ledger.observations import Observation
from ledger.providers.stripe.observer import Reader, StripeEvent
from ledger.providers.stripe.payloads import CheckoutSession
from ledger.providers.stripe.readers import (
    charges,
    checkouts,
    customers,
    intents,
    subscriptions,
)

ENDED = ("canceled", "incomplete_expired")


def customer(event: StripeEvent) -> tuple[Observation, ...]:
    """Stripe still answers with a tombstone for one that was deleted."""
    deleted = event.field("deleted") is True
    return customers.deleted(event) if deleted else customers.updated(event)


def subscription(event: StripeEvent) -> tuple[Observation, ...]:
    over = event.field("status") in ENDED
    return subscriptions.deleted(event) if over else subscriptions.updated(event)


def intent(event: StripeEvent) -> tuple[Observation, ...]:
    """One that waits for a payment method has failed if it says why; else nobody tried yet."""
    status = str(event.field("status"))
    if status == "requires_payment_method" and event.field("last_payment_error"):
        return intents.failed(event)
    return INTENTS.get(status, intents.pending)(event)


def charge(event: StripeEvent) -> tuple[Observation, ...]:
    """Not the sum of its refunds: as of when it is would not be told; refunds tell themselves."""
    failed = event.field("status") == "failed"
    return charges.failed(event) if failed else charges.reported(event)


def session(event: StripeEvent) -> tuple[Observation, ...]:
    return SESSIONS.get(str(event.field("status")), _open)(event)


def _open(event: StripeEvent) -> tuple[Observation, ...]:
    """It says nothing yet, but has to be one."""
    event.object(CheckoutSession)
    return ()


INTENTS: dict[str, Reader] = {"succeeded": intents.succeeded, "canceled": intents.canceled}
SESSIONS: dict[str, Reader] = {"complete": checkouts.completed, "expired": checkouts.abandoned}
