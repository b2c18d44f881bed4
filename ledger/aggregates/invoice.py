"""An invoice: what was billed, whether it was paid, and what of that went back."""

from __future__ import annotations

from ledger.aggregates.aggregate import evolves
from ledger.aggregates.invoice_events import (
    Attributed,
    Billed,
    Credited,
    Finalized,
    MarkedUncollectible,
    Paid,
    PaymentFailed,
    PaymentLinked,
    Receipted,
    Settlement,
    Standing,
    Updated,
    Voided,
)
from ledger.aggregates.owned import Owned
from ledger.credit_notes import PrePayment, remaining_minor
from ledger.effects import Receipt, Receivable
from ledger.event import Cause
from ledger.observations import Bill, InvoiceObserved, InvoiceStatus, Payer
from ledger.policy import Coverage
from ledger.snapshots import Newest, newest

Told = Finalized | Updated | PaymentFailed | Paid | Voided | MarkedUncollectible

_REACHED: dict[InvoiceStatus, type[Told]] = {
    "open": Finalized,
    "paid": Paid,
    "void": Voided,
    "uncollectible": MarkedUncollectible,
}


class Invoice(Owned):
    """Facts about one invoice, and what is owed or was received by them."""

    CATEGORY = "invoice"
    ATTRIBUTED = Attributed

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.standing: Newest[Bill] | None = None
        self.payments: dict[str, Settlement] = {}
        self.credits: dict[str, PrePayment] = {}
        self.receivable: Receivable | None = None
        self.receipt: Receipt | None = None

    # ---- decide ----

    def observe(self, seen: InvoiceObserved, why: Cause) -> None:
        """Takes over how the invoice stands; a draft may still change and counts for nothing."""
        if seen.snapshot.state.status == "draft":
            return
        standing = newest(self.standing, seen.snapshot)
        if standing != self.standing:
            self.trigger_event(_told(self.standing, standing)(standing=standing), why)

    def link_payment(self, payment_id: str, settlement: Settlement, why: Cause) -> bool:
        """Takes over that a payment settles this invoice, and what it came to; False if known."""
        if self.payments.get(payment_id) == settlement:
            return False
        self.trigger_event(PaymentLinked(payment_id=payment_id, settlement=settlement), why)
        return True

    def credit(self, credit_note_id: str, credit: PrePayment, why: Cause) -> bool:
        """Takes over what one credit note takes off what is owed; False if that is known."""
        known = self.credits.get(credit_note_id)
        if known == credit or (known is None and not credit.minor):
            return False
        self.trigger_event(Credited(credit_note_id=credit_note_id, credit=credit), why)
        return True

    def resolve(self, why: Cause) -> None:
        """Records what is owed, and the receipt, where they differ from before."""
        receivable = self._receivable()
        if receivable and receivable != self.receivable:
            self.trigger_event(Billed(receivable=receivable), why)
        receipt = self._receipt()
        if receipt != self.receipt:
            self.trigger_event(Receipted(receipt=receipt), why)

    def _receivable(self) -> Receivable | None:
        if self.standing is None:
            return None
        left = remaining_minor(self.standing, self.credits)
        return Receivable(self.customer_id, self.standing.state, left, self.standing.ambiguous)

    def _receipt(self) -> Receipt | None:
        bill = self.bill
        if bill is None or bill.status != "paid" or bill.paid_at is None:
            return None
        refunded = sum(each.refunded_minor for each in self.payments.values())
        return Receipt(
            customer_id=self.customer_id,
            paid=bill.paid,
            paid_at=bill.paid_at,
            refunded_minor=min(refunded, bill.paid.minor),
            subscription_id=bill.subscription_id,
            number=bill.number,
            period=bill.period,
        )

    # ---- what is known ----

    @property
    def bill(self) -> Bill | None:
        """The invoice as it stands."""
        return self.standing.state if self.standing else None

    @property
    def payer(self) -> Payer:
        """Who is billed, as far as the invoice itself says."""
        return self.bill.payer if self.bill else Payer()

    @property
    def subscription_id(self) -> str | None:
        """The subscription that is billed."""
        return self.bill.subscription_id if self.bill else None

    @property
    def coverage(self) -> Coverage | None:
        """What the invoice pays for of its subscription, once it is paid.

        It is taken back when of all its payments nothing is left, and these were all there are:
        another may not have been seen yet, or was made elsewhere.
        """
        bill = self.bill
        if bill is None or self.receipt is None or bill.covers is None:
            return None
        taken = [each.taken_back for each in self.payments.values()]
        seen_minor = sum(each.paid_minor for each in self.payments.values())
        gone = all(taken) and seen_minor >= bill.paid.minor
        lost = max((each for each in taken if each), default=None) if gone else None
        return Coverage(self.receipt.paid_at, bill.covers.start, bill.covers.end, lost)

    # ---- evolve ----

    @evolves(Finalized, Updated, PaymentFailed, Paid, Voided, MarkedUncollectible)
    def _stands(self, event: Standing) -> None:
        self.standing = event.standing

    @evolves(PaymentLinked)
    def _payment_linked(self, event: PaymentLinked) -> None:
        self.payments[event.payment_id] = event.settlement

    @evolves(Credited)
    def _credited(self, event: Credited) -> None:
        if event.credit.minor:
            self.credits[event.credit_note_id] = event.credit
        else:
            self.credits.pop(event.credit_note_id, None)

    @evolves(Billed)
    def _billed(self, event: Billed) -> None:
        self.receivable = event.receivable

    @evolves(Receipted)
    def _receipted(self, event: Receipted) -> None:
        self.receipt = event.receipt


def _told(before: Newest[Bill] | None, after: Newest[Bill]) -> type[Told]:
    """The event whose name says what is new about the invoice."""
    if before is None or before.state.status != after.state.status:
        return _REACHED[after.state.status]
    if after.state.attempt_count > before.state.attempt_count and after.state.status == "open":
        return PaymentFailed
    return Updated
