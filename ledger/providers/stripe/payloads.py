"""The parts of Stripe's objects this ledger reads, in their newest shape (API 2026-10-28).

Older shapes are brought into this one by `versions` before they are read. A required field that is
missing, or a field of another type, makes the delivery unreadable, with the path in the reason.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

# Part of a key: plain ASCII as Stripe's are, since an index takes no more than 2,704 bytes.
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"\A[ -~]+\Z")]
Name = Annotated[str, msgspec.Meta(max_length=255)]  # in a seller's own words
Text = Annotated[str, msgspec.Meta(max_length=5000)]
Seconds = Annotated[int, msgspec.Meta(ge=0, lt=32_503_680_000)]  # until the year 3000
MOST_MINOR = 10**15  # a thousand times what Stripe takes, and thousands of them fit in a bigint
Minor = Annotated[int, msgspec.Meta(ge=0, le=MOST_MINOR)]
SignedMinor = Annotated[int, msgspec.Meta(ge=-MOST_MINOR, le=MOST_MINOR)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Metadata = dict[str, str | None]


class Payload(msgspec.Struct, frozen=True):
    """Base of all payloads; fields they do not name are not read."""


class Ref(Payload, frozen=True):
    """An expanded object of which only the id matters."""

    id: Id


Link = Id | Ref | None
"""A reference to another object: its id, or the object itself where it was expanded."""


class Customer(Payload, frozen=True):
    id: Id
    created: Seconds
    email: Text | None = None
    name: Text | None = None
    preferred_locales: tuple[Text, ...] | None = None
    metadata: Metadata | None = None


class Tombstone(Payload, frozen=True):
    """An object of which only the id is left."""

    id: Id
    created: Seconds | None = None


class PaymentDetails(Payload, frozen=True):
    order_reference: Text | None = None


class PaymentIntent(Payload, frozen=True):
    id: Id
    amount: Minor
    currency: str
    created: Seconds
    amount_received: Minor = 0
    customer: Link = None
    description: Text | None = None
    latest_charge: Link = None  # since 2022-11-15
    payment_details: PaymentDetails | None = None
    receipt_email: Text | None = None
    metadata: Metadata | None = None


class BillingDetails(Payload, frozen=True):
    email: Text | None = None


class Refund(Payload, frozen=True):
    id: Id
    amount: Minor
    currency: str
    status: str | None = None
    charge: Link = None
    payment_intent: Link = None


class Charge(Payload, frozen=True):
    id: Id
    amount: Minor
    currency: str
    created: Seconds
    captured: bool = True
    amount_captured: Minor | None = None
    amount_refunded: Minor = 0
    customer: Link = None
    description: Text | None = None
    payment_intent: Link = None
    billing_details: BillingDetails | None = None
    receipt_email: Text | None = None
    status: str | None = None
    metadata: Metadata | None = None


class Dispute(Payload, frozen=True):
    id: Id
    amount: Minor
    currency: str
    status: str
    charge: Link = None
    payment_intent: Link = None


class CustomerDetails(Payload, frozen=True):
    email: Text | None = None


class CheckoutSession(Payload, frozen=True):
    id: Id
    mode: str
    payment_status: str
    created: Seconds | None = None  # since 2022; before, its events must tell
    amount_total: Minor | None = None
    currency: str | None = None
    client_reference_id: Text | None = None
    customer: Link = None
    customer_details: CustomerDetails | None = None
    customer_email: Text | None = None
    invoice: Link = None
    payment_intent: Link = None
    metadata: Metadata | None = None


class Product(Ref, frozen=True):
    id: Name


class Price(Payload, frozen=True):
    id: Name
    product: Name | Product | None = None
    lookup_key: Name | None = None
    metadata: Metadata | None = None


class SubscriptionItem(Payload, frozen=True):
    price: Price
    quantity: Count | None = None
    current_period_start: Seconds | None = None
    current_period_end: Seconds | None = None


class SubscriptionItems(Payload, frozen=True):
    data: list[SubscriptionItem]


class Subscription(Payload, frozen=True):
    id: Id
    status: str
    customer: Link
    items: SubscriptionItems
    created: Seconds
    start_date: Seconds | None = None
    cancel_at: Seconds | None = None
    cancel_at_period_end: bool = False
    canceled_at: Seconds | None = None
    ended_at: Seconds | None = None
    trial_start: Seconds | None = None
    trial_end: Seconds | None = None
    metadata: Metadata | None = None


class SubscriptionDetails(Payload, frozen=True):
    subscription: Link = None
    metadata: Metadata | None = None


class InvoiceParent(Payload, frozen=True):
    subscription_details: SubscriptionDetails | None = None


class LineParent(Payload, frozen=True):
    subscription_item_details: SubscriptionDetails | None = None
    invoice_item_details: SubscriptionDetails | None = None


class Period(Payload, frozen=True):
    start: Seconds
    end: Seconds


class Line(Payload, frozen=True):
    period: Period
    amount: SignedMinor = 0
    parent: LineParent | None = None


class Lines(Payload, frozen=True):
    data: list[Line] = []


class StatusTransitions(Payload, frozen=True):
    finalized_at: Seconds | None = None
    marked_uncollectible_at: Seconds | None = None
    paid_at: Seconds | None = None
    voided_at: Seconds | None = None


class Invoice(Payload, frozen=True):
    id: Id
    status: str
    currency: str
    amount_paid: Minor
    total: SignedMinor
    amount_due: SignedMinor | None = None
    amount_overpaid: Minor = 0  # since 2025-03-31
    amount_remaining: SignedMinor | None = None
    attempt_count: Count = 0
    customer: Link = None
    customer_email: Text | None = None
    due_date: Seconds | None = None
    lines: Lines | None = None
    next_payment_attempt: Seconds | None = None
    number: Text | None = None
    parent: InvoiceParent | None = None
    status_transitions: StatusTransitions | None = None
    metadata: Metadata | None = None


class UpcomingInvoice(Payload, frozen=True):
    """A preview: it has no id, or one that leads nowhere."""

    currency: str
    amount_due: SignedMinor
    period_end: Seconds
    parent: InvoiceParent | None = None


class Payment(Payload, frozen=True):
    type: str
    payment_intent: Link = None
    charge: Link = None


class InvoicePayment(Payload, frozen=True):
    id: Id
    invoice: Link
    payment: Payment
    status: str


class EventData(msgspec.Struct, frozen=True):
    object: dict[str, Any]
    previous_attributes: dict[str, Any] | None = None


class EventBody(msgspec.Struct, frozen=True):
    """The payload half of an event: the object as it stands, and what changed of it."""

    data: EventData


def link(to: Link) -> str | None:
    """The id behind a reference."""
    return to.id if isinstance(to, Ref) else to
