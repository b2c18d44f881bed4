"""What a payment is: an intent to collect money, and the charges that try to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.view import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(Noun):
    """An intent to collect one payment, in minor units. `invoice` is what it pays, if a bill;
    `order_reference` is whether Stripe says so on the intent itself. `method` is the type it is
    paid by, of those `offered`; `challenge` is where the payer's bank asks them, while it does.
    `automatic`: the account's settings say what is offered (None: as told of old). The money is
    passed on to `destination` (all, or `transfer_minor`) but for what the platform keeps of it.
    """

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
    capture: str = "automatic_async"
    amount_capturable: int = 0
    offered: tuple[str, ...] = ()
    automatic: bool | None = None
    challenge: str | None = None
    return_url: str | None = None
    setup_future_usage: str | None = None
    destination: str | None = None
    transfer_minor: int | None = None
    fee_minor: int | None = None
    on_behalf_of: str | None = None
    transfer_group: str | None = None

    @property
    def secret(self) -> str:
        """What a browser needs to pay it."""
        return f"{self.id}_secret_sandbox"


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
    brand: str = "visa"
    destination: str | None = None
    transfer_minor: int | None = None
    fee_minor: int | None = None
    on_behalf_of: str | None = None
    transfer_group: str | None = None
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
    capture: str = "automatic_async"
    offered: tuple[str, ...] = ()
    automatic: bool | None = None
    setup_future_usage: str | None = None
    destination: str | None = None
    transfer_minor: int | None = None
    fee_minor: int | None = None
    on_behalf_of: str | None = None
    transfer_group: str | None = None
