"""A provider's objects that are mirrored as they stand: no access and no money of ours follows.

Amounts without a currency of their own (`..._minor`) are in that of the object's `amount`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.money import Money


class Mirrored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all mirrored objects share: the customer they belong to, where there is one."""

    provider_customer_id: str | None = None


class CreditNote(Mirrored, frozen=True):
    """What is taken off a final invoice: owed no more before its payment, paid back after it.

    What is refunded arrives as refunds too, by the ids in `refund_ids`, and counts there.
    """

    status: str
    invoice_id: str | None
    number: str | None
    reason: str | None
    amount: Money
    created: datetime
    effective_at: datetime | None = None
    pre_payment_minor: int = 0
    post_payment_minor: int = 0
    refunded_minor: int = 0
    credited_minor: int = 0
    out_of_band_minor: int = 0
    refund_ids: tuple[str, ...] = ()
    voided_at: datetime | None = None


class PaymentMethod(Mirrored, frozen=True):
    """What a customer pays with: never more of its number than the last four digits."""

    kind: str
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None


class SetupIntent(Mirrored, frozen=True):
    """An attempt to keep a payment method for later."""

    status: str
    created: datetime
    payment_method_id: str | None = None
    error: str | None = None


class Mandate(Mirrored, frozen=True):
    """The customer's leave to debit a payment method."""

    status: str
    kind: str
    payment_method_id: str | None = None
    accepted_at: datetime | None = None


class Transfer(Mirrored, frozen=True):
    """Money from the platform to a connected account; `reversed_minor` came back in all."""

    amount: Money
    created: datetime | None = None
    destination: str | None = None
    reversed_minor: int = 0
    charge_id: str | None = None
    group: str | None = None


class ApplicationFee(Mirrored, frozen=True):
    """What the platform keeps of a payment; the charge is `charge_account`'s ('': its own)."""

    amount: Money
    created: datetime
    connected_account: str | None = None
    refunded_minor: int = 0
    charge_id: str | None = None
    charge_account: str = ""


class Payout(Mirrored, frozen=True):
    """Money from the provider's balance to the bank; `withdrawn` is the other way."""

    status: str
    amount: Money
    created: datetime
    arrives_at: datetime | None = None
    withdrawn: bool = False
    automatic: bool = False
    method: str | None = None
    failure_code: str | None = None
    reconciled: bool = False


class BalanceTransaction(Mirrored, frozen=True):
    """One movement of the balance, and what the provider kept of it.

    Amounts are signed, since money moves both ways, and in `currency`, which is the balance's and
    not always the payment's. `fee_minor` is the sum of the fees beside it and of any others.
    """

    kind: str
    currency: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    created: datetime
    available_on: datetime
    category: str | None = None
    source_id: str | None = None
    purchase_id: str | None = None
    provider_fee_minor: int = 0
    application_fee_minor: int = 0
    tax_minor: int = 0


class ActiveEntitlements(Mirrored, frozen=True):
    """All features the provider itself says a customer has; `complete` False: there are more."""

    features: tuple[str, ...] = ()
    complete: bool = True


class CreditGrant(Mirrored, frozen=True):
    """Money the provider takes off what a customer's metered use costs."""

    amount: Money
    created: datetime
    category: str | None = None
    name: str | None = None
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    voided_at: datetime | None = None


class Schedule(Mirrored, frozen=True):
    """Changes of a subscription that are planned ahead."""

    status: str
    created: datetime
    subscription_id: str | None = None
    end_behavior: str | None = None
    phases: int = 0
    phase_started_at: datetime | None = None
    phase_ends_at: datetime | None = None
    ended_at: datetime | None = None


class Part(msgspec.Struct, frozen=True, order=True):
    """One of the amounts of an object that are reported one by one, each by its own id."""

    kind: str
    id: str
    amount: Money
