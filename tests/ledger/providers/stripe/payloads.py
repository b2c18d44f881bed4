"""One canonical event for each type the ledger reads, and how an event becomes a delivery."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.delivery import Delivery
from ledger.observations import Observation, Observed
from ledger.providers.stripe.fetched import OBJECTS
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from ledger.providers.stripe.receiver import envelope
from tests.ledger.providers.stripe.mirrored_objects import MIRRORED
from tests.ledger.providers.stripe.objects import (
    DAY,
    MONTH,
    NOW,
    Json,
    charge,
    customer,
    dispute,
    invoice,
    invoice_payment,
    payment_intent,
    refund,
    session,
    subscription,
)

API = "2026-10-28.endive"


def event(type_: str, obj: Json, on: float = 0, before: Json | None = None, **changes: Any) -> Json:
    """An event of `type_` about `obj`, created `on` days after the start of the story.

    `before` are the attributes that changed, with the values they had.
    """
    created = changes.get("created", NOW + round(on * DAY))
    data: Json = {"object": obj}
    if before is not None:
        data["previous_attributes"] = before
    return {
        "id": f"evt_{type_}_{obj.get('id')}_{created}"[:255],
        "object": "event",
        "api_version": API,
        "created": created,
        "data": data,
        "livemode": False,
        "type": type_,
        **changes,
    }


def body(event_: Json) -> bytes:
    return json.dumps(event_).encode()


def delivery(event_: Json) -> Delivery:
    """The event as it lies in the Inbox; of what is fetched for its own sake, only the object."""
    read = envelope(body(event_))
    told = event_["data"]["object"] if read.type in OBJECTS else event_
    return Delivery(read, read.created + timedelta(seconds=2), {}, body(told))


def observe(event_: Json) -> Observed:
    """What the event says."""
    return StripeObserver(READERS).observe(delivery(event_))


def said(event_: Json) -> tuple[Observation, ...]:
    """The observations of an event that says something."""
    observed = observe(event_)
    assert observed.ignored is None, observed.ignored
    return observed.observations


def time(on: float) -> datetime:
    """The time so many days after the start of the story."""
    return datetime.fromtimestamp(NOW, UTC) + timedelta(days=on)


_PACK = {"user_id": "ann", "credits": "50"}
_PAID = payment_intent(amount_received=1000, status="succeeded", metadata=_PACK)
_OPEN_INVOICE = invoice(status="open", amount_paid=0, status_transitions={"paid_at": None})
_UPCOMING = {
    **invoice(status="draft", amount_paid=0, number=None, amount_due=2500, period_end=NOW + MONTH),
    "id": None,
}
_OBJECTS: dict[str, tuple[Json, ...]] = {
    "customer.fetched": (customer(),),
    "subscription.fetched": (subscription(),),
    "invoice.fetched": (invoice(),),
    "payment_intent.fetched": (_PAID,),
    "charge.fetched": (charge(),),
    "refund.fetched": (refund(),),
    "dispute.fetched": (dispute(),),
    "checkout_session.fetched": (session(metadata=_PACK),),
    "customer.created": (customer(),),
    "customer.updated": (customer(metadata={"user_id": "ann"}), {"metadata": {"user_id": None}}),
    "customer.deleted": (customer(),),
    "checkout.session.completed": (session(metadata=_PACK),),
    "checkout.session.async_payment_succeeded": (session(metadata=_PACK),),
    "checkout.session.async_payment_failed": (session(payment_status="unpaid"),),
    "checkout.session.expired": (session(payment_intent=None, payment_status="unpaid"),),
    "payment_intent.created": (payment_intent(),),
    "payment_intent.processing": (payment_intent(status="processing"),),
    "payment_intent.requires_action": (payment_intent(status="requires_action"),),
    "payment_intent.amount_capturable_updated": (payment_intent(status="requires_capture"),),
    "payment_intent.partially_funded": (payment_intent(status="requires_action"),),
    "payment_intent.succeeded": (_PAID,),
    "payment_intent.payment_failed": (payment_intent(),),
    "payment_intent.canceled": (payment_intent(status="canceled"),),
    "charge.pending": (charge(captured=False, status="pending"),),
    "charge.succeeded": (charge(),),
    "charge.captured": (charge(amount_captured=800),),
    "charge.updated": (charge(), {"description": None}),
    "charge.failed": (charge(captured=False, status="failed"),),
    "charge.expired": (charge(captured=False),),
    "charge.refunded": (charge(amount_refunded=400), {"amount_refunded": 0}),
    "charge.refund.updated": (refund(status="failed"), {"status": "pending"}),
    "refund.created": (refund(status="pending"),),
    "refund.updated": (refund(), {"status": "pending"}),
    "refund.failed": (refund(status="failed"),),
    "charge.dispute.created": (dispute(),),
    "charge.dispute.updated": (dispute(status="under_review"), {"status": "needs_response"}),
    "charge.dispute.funds_withdrawn": (dispute(),),
    "charge.dispute.funds_reinstated": (dispute(status="won"),),
    "charge.dispute.closed": (dispute(status="lost"),),
    "customer.subscription.created": (subscription(status="incomplete"),),
    "customer.subscription.updated": (subscription(), {"status": "incomplete"}),
    "customer.subscription.paused": (subscription(status="paused"),),
    "customer.subscription.resumed": (subscription(),),
    "customer.subscription.trial_will_end": (subscription(status="trialing"),),
    "customer.subscription.pending_update_applied": (subscription(),),
    "customer.subscription.pending_update_expired": (subscription(),),
    "customer.subscription.deleted": (subscription(status="canceled", ended_at=NOW),),
    "invoice.created": (invoice(status="draft", amount_paid=0, number=None),),
    "invoice.updated": (_OPEN_INVOICE, {"attempt_count": 0}),
    "invoice.sent": (_OPEN_INVOICE,),
    "invoice.finalized": (_OPEN_INVOICE,),
    "invoice.paid": (invoice(),),
    "invoice.payment_succeeded": (invoice(),),
    "invoice.payment_failed": (_OPEN_INVOICE | {"next_payment_attempt": NOW + 3 * DAY},),
    "invoice.payment_action_required": (_OPEN_INVOICE,),
    "invoice.payment_attempt_required": (_OPEN_INVOICE,),
    "invoice.overdue": (_OPEN_INVOICE,),
    "invoice.overpaid": (invoice(),),
    "invoice.will_be_due": (_OPEN_INVOICE,),
    "invoice.voided": (_OPEN_INVOICE | {"status": "void"},),
    "invoice.marked_uncollectible": (_OPEN_INVOICE | {"status": "uncollectible"},),
    "invoice.upcoming": (_UPCOMING,),
    "invoice_payment.paid": (invoice_payment(),),
    **MIRRORED,
}

EVENTS: dict[str, Json] = {
    type_: event(type_, obj, before=before[0] if before else None)
    for type_, (obj, *before) in _OBJECTS.items()
}
"""Type -> its canonical event."""
