"""Checkout Sessions: visits to Stripe's own payment page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.catalog import Price
from web.sandbox.truth.intents import Asked
from web.sandbox.truth.view import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One line of what a session sells, and what may be said about it on the bill."""

    id: str
    price: Price
    quantity: int
    description: str

    @property
    def amount(self) -> int:
        """What it costs, in minor units."""
        return self.price.total(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a visit takes place and leads to: in a page of ours or (`hosted_page`) Stripe's."""

    ui_mode: str = "hosted_page"
    url: str | None = None
    success_url: str | None = None
    cancel_url: str | None = None
    return_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Noun):
    """A visit to Checkout. `mode` is 'payment', 'subscription' or 'setup'; amounts in minor units.

    `intent_metadata` is what the application asks to be written on the payment (or, in mode
    'subscription', the subscription) as well. `lines` and `places` are known where the API was
    asked for the session; `wish` is the rest it was asked for the payment.
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
    lines: tuple[Sold, ...] = ()
    places: Places | None = None
    offered: tuple[str, ...] = ()
    wish: Asked | None = None
    trial_days: int = 0
    customer_creation: str | None = None
    setup: str | None = None
    coupon: str | None = None

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
