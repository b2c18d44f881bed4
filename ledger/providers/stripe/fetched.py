"""Deliveries we fetched ourselves: no signature, but a header that says from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from ledger.aggregates.bookkeeping import Entry, Outcome
from ledger.delivery import CATEGORY, Delivery, Envelope
from ledger.providers.stripe.receiver import envelope

BACKFILLED_FROM = "Backfilled-From"
FETCHED_FROM = "Fetched-From"
"""Headers in place of a signature: Stripe's API was asked with our key instead."""

BALANCE_TRANSACTION = "balance_transaction.fetched"
CUSTOMER = "customer.fetched"
SUBSCRIPTION = "subscription.fetched"
INVOICE = "invoice.fetched"
PAYMENT_INTENT = "payment_intent.fetched"
CHARGE = "charge.fetched"
REFUND = "refund.fetched"
DISPUTE = "dispute.fetched"
SESSION = "checkout_session.fetched"
OBJECTS = frozenset(
    {
        BALANCE_TRANSACTION,
        CUSTOMER,
        SUBSCRIPTION,
        INVOICE,
        PAYMENT_INTENT,
        CHARGE,
        REFUND,
        DISPUTE,
        SESSION,
    }
)
"""Types of our own: the body is an object as Stripe's API answers it, and no event of Stripe's."""


def fetched(body: bytes, account: str, now: datetime, headers: Mapping[str, str]) -> Delivery:
    """An event of `account` as a delivery, under the same id as when it is posted.

    Asked in the name of an account, Stripe need not repeat it in the event. Raises NotADelivery.
    """
    read = envelope(body)
    return Delivery(replace(read, account=read.account or account), now, dict(headers), body)


def object_envelope(type_: str, key: str, because: Envelope) -> Envelope:
    """That of an object which has to be fetched because of what another delivery says.

    Its id is the object's own, so that the object is kept once; the account and mode are that
    delivery's, and so is the time as long as it has none of its own.
    """
    return replace(because, event_id=key, type=type_, api_version=None)


def entry(told: Envelope, received_at: datetime, outcome: Outcome, reason: str) -> Entry:
    """What is to be said of a delivery from now on."""
    return Entry(
        delivery_id=told.scope.stream(CATEGORY, told.event_id),
        event_id=told.event_id,
        type=told.type,
        account=told.account,
        created=told.created,
        received_at=received_at,
        outcome=outcome,
        reason=reason,
    )
