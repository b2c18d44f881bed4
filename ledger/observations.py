"""What a delivery says, in our words: how things stand, never what to do about it.

A provider translates its payloads into these; the aggregates record only the difference to what
they know. The state structs are what snapshots hold, the `...Observed` structs what is handed over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from ledger.ids import Scope
from ledger.mirrors import Part
from ledger.money import Money
from ledger.snapshots import Snapshot
from ledger.upcoming import NextBillObserved

PaymentSource = Literal["intent", "checkout", "charge"]
PaymentOutcome = Literal["pending", "paid", "failed", "canceled", "abandoned"]
RefundStatus = Literal["pending", "succeeded", "failed"]
DisputeStatus = Literal["inquiry", "open", "won", "lost"]
InvoiceStatus = Literal["draft", "open", "uncollectible", "void", "paid"]


class Payer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who pays, as far as an object says."""

    user_id: str | None = None
    provider_customer_id: str | None = None
    email: str | None = None

    def or_else(self, other: Payer) -> Payer:
        """This payer, with what it does not say taken from `other`."""
        return Payer(
            self.user_id or other.user_id,
            self.provider_customer_id or other.provider_customer_id,
            self.email or other.email,
        )


class CustomerDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """A provider's customer as it stands; `locale` is the one they prefer, such as `de-AT`."""

    created: datetime
    user_id: str | None = None
    email: str | None = None
    name: str | None = None
    locale: str | None = None


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a payment is for, as one of the objects that report it says.

    `one_off` says that it is a sale of its own for sure; payloads since 2025-03-31 cannot always
    tell whether a payment settles an invoice. `credits` counts units bought in all.
    `account_payment` names the payment of charges that was asked for.
    """

    opened_at: datetime
    payer: Payer
    amount: Money | None = None
    description: str | None = None
    platform: str | None = None
    features: tuple[str, ...] = ()
    credits: int = 0
    one_off: bool = False
    account_payment: str | None = None

    def or_else(self, other: Terms) -> Terms:
        """These terms, with what they do not say taken from `other`."""
        return Terms(
            opened_at=min(self.opened_at, other.opened_at),
            payer=self.payer.or_else(other.payer),
            amount=self.amount or other.amount,
            description=self.description or other.description,
            platform=self.platform or other.platform,
            features=self.features or other.features,
            credits=self.credits or other.credits,
            one_off=self.one_off or other.one_off,
            account_payment=self.account_payment or other.account_payment,
        )


class Refund(msgspec.Struct, frozen=True):
    """Money on its way back as it stands, and when the provider first said so."""

    amount: Money
    status: RefundStatus
    at: datetime


class Dispute(msgspec.Struct, frozen=True):
    """A chargeback as it stands."""

    amount: Money
    status: DisputeStatus


class Period(msgspec.Struct, frozen=True):
    """A stretch of time that is billed, from `start` up to `end`."""

    start: datetime
    end: datetime


class Bill(msgspec.Struct, frozen=True, omit_defaults=True):
    """An invoice as it stands; `covers` is the stretch its subscription's lines pay for.

    `due_minor` is what is asked for, after any balance of the customer; `remaining_minor` is left.
    """

    status: InvoiceStatus
    payer: Payer
    total: Money
    paid: Money
    number: str | None = None
    subscription_id: str | None = None
    period: Period | None = None
    covers: Period | None = None
    paid_at: datetime | None = None
    attempt_count: int = 0
    next_attempt_at: datetime | None = None
    due_minor: int = 0
    remaining_minor: int = 0
    overpaid_minor: int = 0
    due_at: datetime | None = None
    finalized_at: datetime | None = None
    voided_at: datetime | None = None
    uncollectible_at: datetime | None = None


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A subscription as it stands; `status` is the provider's word.

    `plan_id` is the shop's own plan its payer has by it, where it is the one in place of others.
    """

    status: str
    payer: Payer
    started_at: datetime
    features: tuple[str, ...] = ()
    quantity: int = 0
    period: Period | None = None
    trial: Period | None = None
    cancel_at: datetime | None = None
    canceled_at: datetime | None = None
    ended_at: datetime | None = None
    cart_id: str | None = None
    plan_id: str | None = None


class CustomerObserved(msgspec.Struct, frozen=True):
    """How a customer stands; `deleted` is a tombstone no later report lifts.

    There is no snapshot where the report holds the tombstone alone.
    """

    provider_customer_id: str
    snapshot: Snapshot[CustomerDetails] | None
    deleted: bool = False


class CustomerNamed(msgspec.Struct, frozen=True):
    """An object that is no purchase says which user a provider's customer is."""

    provider_customer_id: str
    user_id: str
    by: str
    at: datetime


class PaymentObserved(msgspec.Struct, frozen=True):
    """How a payment stands, by one of the objects that report the same money.

    `payment_id` is the id of the money: all objects that report it agree on this. `invoice_id` is
    no part of the terms, since it depends on the API version whether a report names it.
    `by_charge` is the charge by which it was `received`, where the object says so.
    """

    payment_id: str
    source: PaymentSource
    terms: Snapshot[Terms] | None
    outcome: PaymentOutcome
    received: Money | None = None
    invoice_id: str | None = None
    by_charge: str | None = None


class RefundObserved(msgspec.Struct, frozen=True):
    """One refund of a payment, by its own id."""

    payment_id: str
    refund_id: str
    refund: Refund


class RefundTotalObserved(msgspec.Struct, frozen=True):
    """What was refunded of a payment in all; older payloads report only this."""

    payment_id: str
    total: Money
    at: datetime


class DisputeObserved(msgspec.Struct, frozen=True):
    """One dispute of a payment, by its own id."""

    payment_id: str
    dispute_id: str
    snapshot: Snapshot[Dispute]


class ChargeObserved(msgspec.Struct, frozen=True):
    """Which payment a charge belongs to; a charge from before payment intents is its own."""

    charge_id: str
    payment_id: str


class OfChargeObserved(msgspec.Struct, frozen=True):
    """A refund or dispute that names only a charge; `seen` has that in place of the payment."""

    charge_id: str
    seen: RefundObserved | DisputeObserved


class InvoiceObserved(msgspec.Struct, frozen=True):
    """How an invoice stands."""

    invoice_id: str
    snapshot: Snapshot[Bill]


class InvoicePaymentObserved(msgspec.Struct, frozen=True):
    """A payment settles (part of) an invoice."""

    invoice_id: str
    payment_id: str


class SaleObserved(msgspec.Struct, frozen=True):
    """A payment settles no invoice, by a report that would name it."""

    payment_id: str


class SubscriptionObserved(msgspec.Struct, frozen=True):
    """How a subscription stands."""

    subscription_id: str
    snapshot: Snapshot[Plan]


class MirrorObserved(msgspec.Struct, frozen=True):
    """How an object stands that is mirrored only: `noun` is its category, `key` its id.

    `since` names what has come to pass for good by this report, `part` is one amount of several.
    """

    noun: str
    key: str
    snapshot: Snapshot[Any] | None = None
    since: str | None = None
    part: Part | None = None


Observation = (
    CustomerObserved
    | CustomerNamed
    | PaymentObserved
    | RefundObserved
    | RefundTotalObserved
    | DisputeObserved
    | ChargeObserved
    | OfChargeObserved
    | InvoiceObserved
    | InvoicePaymentObserved
    | SaleObserved
    | SubscriptionObserved
    | NextBillObserved
    | MirrorObserved
)


class Observed(msgspec.Struct, frozen=True):
    """All that one delivery says; `ignored` is the reason when it says nothing.

    `note` tells whoever looks at the delivery how it was read, where that may be wrong.
    """

    scope: Scope
    observations: tuple[Observation, ...] = ()
    ignored: str | None = None
    note: str | None = None
