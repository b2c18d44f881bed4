"""What a payment is: an intent to collect money, and the charges that try to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.view import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(Noun):
    """An intent to collect one payment, in minor units. `invoice` is what it pays, if a bill;
    `order_reference` is whether Stripe says so on the intent itself."""

    amount: int
    currency: str
    customer: str | None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    receipt_email: str | None = None
    status: str = "requires_payment_method"
    method: str = "card"
    payment_method: str | None = None
    amount_received: int = 0
    latest_charge: str | None = None
    invoice: str | None = None
    order_reference: str | None = None
    error: str | None = None
    paid_at: int | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Noun):
    """One attempt to move the money, with what of it went back later."""

    amount: int
    currency: str
    customer: str | None
    intent: str
    status: str
    method: str
    payment_method: str
    last4: str
    description: str | None
    metadata: Mapping[str, str]
    email: str | None
    amount_captured: int = 0
    amount_refunded: int = 0
    disputed: bool = False
    failure_code: str | None = None
    balance_transaction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a payment is opened for; amounts in minor units."""

    account: str
    amount: int
    currency: str = "usd"
    customer: str | None = None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    email: str | None = None
    invoice: str | None = None
    method: str = "card"
