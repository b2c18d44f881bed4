"""What can happen to an invoice: how it stands, what settles it, and the effects that follow."""

from __future__ import annotations

import msgspec

from ledger.aggregates import owned
from ledger.credit_notes import PrePayment
from ledger.effects import Receipt, Receivable
from ledger.event import Event
from ledger.observations import Bill
from ledger.policy import TakenBack
from ledger.snapshots import Newest


class Settlement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one payment of an invoice came to: how much went back, and when all of it had."""

    refunded_minor: int = 0
    taken_back: TakenBack | None = None
    paid_minor: int = 0


class Standing(Event, frozen=True):
    """The invoice as it stands; what is new about it is in the name of the event."""

    standing: Newest[Bill]


class Finalized(Standing, frozen=True):
    """The invoice is final and waits for payment."""

    TOPIC = "Invoice.Finalized"


class Updated(Standing, frozen=True):
    """Details of the invoice changed, its status did not."""

    TOPIC = "Invoice.Updated"


class PaymentFailed(Standing, frozen=True):
    """One more attempt to collect failed; the bill says when the next one is."""

    TOPIC = "Invoice.PaymentFailed"


class Paid(Standing, frozen=True):
    """The invoice is paid."""

    TOPIC = "Invoice.Paid"


class Voided(Standing, frozen=True):
    """The invoice was withdrawn."""

    TOPIC = "Invoice.Voided"


class MarkedUncollectible(Standing, frozen=True):
    """Nobody expects the invoice to be paid."""

    TOPIC = "Invoice.MarkedUncollectible"


class PaymentLinked(Event, frozen=True):
    """A payment settles (part of) the invoice, and this is what it came to."""

    TOPIC = "Invoice.PaymentLinked"
    payment_id: str
    settlement: Settlement


class Credited(Event, frozen=True):
    """A credit note takes this off what is owed."""

    TOPIC = "Invoice.Credited"
    credit_note_id: str
    credit: PrePayment


class Attributed(owned.Attributed, frozen=True):
    """Whose invoice this is."""

    TOPIC = "Invoice.Attributed"


class Billed(Event, frozen=True):
    """The invoice as finance sees it, with what is left to pay."""

    TOPIC = "Invoice.Billed"
    receivable: Receivable


class Receipted(Event, frozen=True):
    """The receipt of the paid invoice."""

    TOPIC = "Invoice.Receipted"
    receipt: Receipt | None


EVENTS = (
    Finalized, Updated, PaymentFailed, Paid, Voided, MarkedUncollectible,
    PaymentLinked, Credited, Attributed, Billed, Receipted,
)  # fmt: skip
