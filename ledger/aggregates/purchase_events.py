"""What can happen to a purchase: facts as they are reported, and the effects that follow."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates import owned
from ledger.effects import Access, AccountCredit, Grant, Receipt
from ledger.event import Event
from ledger.money import Money
from ledger.observations import Dispute, PaymentOutcome, PaymentSource, Refund, Terms
from ledger.snapshots import Newest


class Described(Event, frozen=True):
    """What the payment is for, as `source` reports it; `terms` is the sum of all sources.

    `closed` is how far unpaid it had come by then, if it had.
    """

    TOPIC = "Purchase.Described"
    source: PaymentSource
    standing: Newest[Terms]
    terms: Terms
    ours: bool
    closed: PaymentOutcome | None = None


class Paid(Event, frozen=True):
    """The money is here: `source` reports `reported`, so it is `received` in all since `paid_at`.

    `conflict` holds what each source says when they contradict each other. `charge_id` is the
    charge that brought it, once any source names that.
    """

    TOPIC = "Purchase.Paid"
    source: PaymentSource
    reported: Money
    received: Money
    paid_at: datetime
    conflict: str | None = None
    charge_id: str | None = None


class Contradicted(Event, frozen=True):
    """What facts of the payment contradict each other, the money that went back among them.

    None: they do not any more.
    """

    TOPIC = "Purchase.Contradicted"
    conflict: str | None


class PaymentClosed(Event, frozen=True):
    """A payment attempt failed, was canceled, or the checkout was abandoned."""

    TOPIC = "Purchase.PaymentClosed"
    outcome: PaymentOutcome


class RefundReported(Event, frozen=True):
    """One refund as it stands, and what is refunded in all."""

    TOPIC = "Purchase.RefundReported"
    refund_id: str
    refund: Refund
    refunded_minor: int


class RefundTotalReported(Event, frozen=True):
    """The provider's own sum of refunds, first reported at `at`, and what is refunded in all."""

    TOPIC = "Purchase.RefundTotalReported"
    total: Money
    at: datetime
    refunded_minor: int


class DisputeReported(Event, frozen=True):
    """One dispute as it stands, when it was first lost, and what is disputed and lost in all."""

    TOPIC = "Purchase.DisputeReported"
    dispute_id: str
    standing: Newest[Dispute]
    disputed_minor: int
    lost_minor: int
    lost_at: datetime | None = None


class InvoiceSettled(Event, frozen=True):
    """The payment settles (part of) an invoice: it is no sale of its own.

    `invoice_ids` are all it is said to settle, in order, and `invoice_id` is the first of them.
    """

    TOPIC = "Purchase.InvoiceSettled"
    invoice_id: str
    invoice_ids: tuple[str, ...] = ()


class SoldAlone(Event, frozen=True):
    """A report that would name an invoice names none: a sale of its own, unless another does."""

    TOPIC = "Purchase.SoldAlone"


class Claimed(Event, frozen=True):
    """A person said whose payment this is, since nothing else did."""

    TOPIC = "Purchase.Claimed"
    customer_id: str


class Attributed(owned.Attributed, frozen=True):
    """Whose payment this is."""

    TOPIC = "Purchase.Attributed"


class Receipted(Event, frozen=True):
    """The receipt of a one-off purchase as it stands; None when it is no one-off after all."""

    TOPIC = "Purchase.Receipted"
    receipt: Receipt | None


class Entitled(Event, frozen=True):
    """The access this purchase gives as it stands, and the features it gives no longer."""

    TOPIC = "Purchase.Entitled"
    access: Access | None
    dropped: tuple[str, ...] = ()


class CreditsResolved(Event, frozen=True):
    """The credits this purchase gives to a wallet as they stand."""

    TOPIC = "Purchase.CreditsResolved"
    grant: Grant | None


class AccountCredited(Event, frozen=True):
    """What this purchase brings to an account of charges as it stands."""

    TOPIC = "Purchase.AccountCredited"
    credit: AccountCredit | None


EVENTS = (
    Described, Paid, PaymentClosed, RefundReported, RefundTotalReported, DisputeReported,
    InvoiceSettled, SoldAlone, Claimed, Attributed, Receipted, Entitled, CreditsResolved,
    AccountCredited, Contradicted,
)  # fmt: skip
