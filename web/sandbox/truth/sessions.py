"""Checkout Sessions: visits to Stripe's own payment page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.view import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Noun):
    """A visit to Checkout. `mode` is 'payment' or 'subscription'; amounts in minor units.

    `intent_metadata` is what the application asks to be written on the payment as well.
    """

    mode: str
    currency: str
    amount_subtotal: int
    discount: int = 0
    customer: str | None = None
    email: str | None = None
    client_reference_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    intent_metadata: Mapping[str, str] = field(default_factory=dict)
    method: str = "card"
    intent: str | None = None
    subscription: str | None = None
    invoice: str | None = None
    payment_status: str = "unpaid"
    status: str = "open"
    expires_at: int
    paid_at: int | None = None
    given_up_at: int | None = None

    @property
    def amount_total(self) -> int:
        """What is to be paid after the discount."""
        return self.amount_subtotal - self.discount


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What a session is opened for."""

    account: str
    amount: int
    mode: str = "payment"
    discount: int = 0
    customer: str | None = None
    email: str | None = None
    client_reference_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    intent_metadata: Mapping[str, str] = field(default_factory=dict)
    method: str = "card"
