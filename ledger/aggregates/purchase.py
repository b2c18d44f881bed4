"""A purchase: one payment of money, whatever objects report it, and what it gives its payer.

Its key is the id of the money (a payment intent; a session or charge where there is none), so the
several events that report the same dollars meet in one stream.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce

from ledger.aggregates import purchase_effects as following
from ledger.aggregates.aggregate import evolves
from ledger.aggregates.owned import Owned
from ledger.aggregates.purchase_events import (
    AccountCredited,
    Attributed,
    Claimed,
    Contradicted,
    CreditsResolved,
    Described,
    DisputeReported,
    Entitled,
    InvoiceSettled,
    Paid,
    PaymentClosed,
    Receipted,
    RefundReported,
    RefundTotalReported,
    SoldAlone,
)
from ledger.contradictions import contradiction
from ledger.disputes import Disputes
from ledger.effects import Access, AccountCredit, Grant, Receipt, features_dropped
from ledger.errors import AlreadyOwned, UnknownPayment
from ledger.event import EPOCH, Cause
from ledger.ids import parse_stream
from ledger.money import Money
from ledger.observations import (
    DisputeObserved,
    Payer,
    PaymentObserved,
    PaymentOutcome,
    PaymentSource,
    RefundObserved,
    RefundTotalObserved,
    Terms,
)
from ledger.policy import Policy, Sums, TakenBack
from ledger.receipts import Receipts
from ledger.refunds import Refunds
from ledger.snapshots import Newest, newest


class Purchase(Owned):
    """Facts about one payment, and the receipt, access and credits that follow from them."""

    CATEGORY = "purchase"
    ATTRIBUTED = Attributed

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.described: dict[PaymentSource, Newest[Terms]] = {}
        self.terms = NOTHING_SAID
        self.receipts = Receipts()
        self.received: Money | None = None
        self.conflict: str | None = None
        self.paid_at: datetime = EPOCH
        self.charge_id: str | None = None
        self.closed: PaymentOutcome | None = None
        self.refunds = Refunds()
        self.disputes = Disputes()
        self.invoice_ids: tuple[str, ...] = ()
        self.stands_alone = False
        self._claimed_by: str | None = None
        self.receipt: Receipt | None = None
        self.access: Access | None = None
        self.grant: Grant | None = None
        self.account_credit: AccountCredit | None = None

    # ---- decide: facts ----

    def observe(self, seen: PaymentObserved, policy: Policy, why: Cause) -> None:
        """Takes over how one object reports this payment."""
        if seen.terms is not None:
            standing = newest(self.described.get(seen.source), seen.terms)
            if standing != self.described.get(seen.source):
                terms = _merged({**self.described, seen.source: standing})
                ours, closed = policy.owns(terms.platform), self.closed
                described = Described(
                    source=seen.source, standing=standing, terms=terms, ours=ours, closed=closed
                )
                self.trigger_event(described, why)
        if seen.received is not None:
            self._receive(seen.source, seen.received, seen.by_charge, why)
        if _CLOSING[seen.outcome] > _CLOSING[self.closed]:
            self.trigger_event(PaymentClosed(outcome=seen.outcome), why)

    def _receive(self, source: PaymentSource, reported: Money, by: str | None, why: Cause) -> None:
        after = self.receipts.with_(source, reported)
        paid_at = min(self.paid_at, why.effective_at) if self.received else why.effective_at
        charge_id = min(filter(None, (self.charge_id, by)), default=None)
        if after is not self.receipts or (paid_at, charge_id) != (self.paid_at, self.charge_id):
            paid = Paid(
                source=source,
                reported=reported,
                received=after.money,
                paid_at=paid_at,
                conflict=after.conflict,
                charge_id=charge_id,
            )
            self.trigger_event(paid, why)

    def observe_refund(self, seen: RefundObserved, why: Cause) -> None:
        """Takes over one refund as it stands."""
        after = self.refunds.with_(seen.refund_id, seen.refund)
        if after is not self.refunds:
            reported = RefundReported(
                refund_id=seen.refund_id, refund=seen.refund, refunded_minor=after.minor
            )
            self.trigger_event(reported, why)

    def observe_refund_total(self, seen: RefundTotalObserved, why: Cause) -> None:
        """Takes over the provider's own sum of refunds."""
        after = self.refunds.with_total(seen.total, seen.at)
        if after is not self.refunds:
            reported = RefundTotalReported(total=seen.total, at=seen.at, refunded_minor=after.minor)
            self.trigger_event(reported, why)

    def observe_dispute(self, seen: DisputeObserved, why: Cause) -> None:
        """Takes over how one dispute stands."""
        after = self.disputes.with_(seen.dispute_id, seen.snapshot)
        if after is not self.disputes:
            reported = DisputeReported(
                dispute_id=seen.dispute_id,
                standing=after.by_id[seen.dispute_id],
                disputed_minor=after.disputed_minor,
                lost_minor=after.lost_minor,
                lost_at=after.first_lost.get(seen.dispute_id),
            )
            self.trigger_event(reported, why)

    def settle_invoice(self, invoice_id: str, why: Cause) -> None:
        """Takes over that this payment settles an invoice, perhaps one of several."""
        if invoice_id not in self.invoice_ids:
            known = tuple(sorted((*self.invoice_ids, invoice_id)))
            self.trigger_event(InvoiceSettled(invoice_id=known[0], invoice_ids=known), why)

    def settle_nothing(self, why: Cause) -> None:
        """Takes over that a report which would name an invoice names none."""
        if not self.stands_alone:
            self.trigger_event(SoldAlone(), why)

    def claim(self, customer_id: str, why: Cause) -> None:
        """Takes over whose payment a person says this is.

        Raises UnknownPayment, and AlreadyOwned when it is another's.
        """
        if not self.version:
            raise UnknownPayment(parse_stream(self.id).key)
        if self.customer_id not in (None, customer_id):
            raise AlreadyOwned(parse_stream(self.id).key, self.customer_id)
        if self.customer_id is None:
            self.trigger_event(Claimed(customer_id=customer_id), why)

    # ---- decide: effects ----

    def resolve(self, policy: Policy, why: Cause) -> None:
        """Records what follows from the facts where it differs from what followed before."""
        self._compare(why)
        counts = self.received is not None and self.conflict is None
        counts = counts and policy.owns(self.terms.platform)
        receipt = following.receipt(self) if counts else None
        access = following.access(self) if counts else None
        grant = following.grant(self) if counts else None
        if receipt != self.receipt:
            self.trigger_event(Receipted(receipt=receipt), why)
        if access != self.access:
            dropped = features_dropped(self.access, access)
            self.trigger_event(Entitled(access=access, dropped=dropped), why)
        if grant != self.grant:
            self.trigger_event(CreditsResolved(grant=grant), why)
        account_credit = following.account_credit(self) if counts else None
        if account_credit != self.account_credit:
            self.trigger_event(AccountCredited(credit=account_credit), why)

    def _compare(self, why: Cause) -> None:
        """Records what facts contradict each other, once it is known what came in."""
        if self.received is None:
            return
        conflict = contradiction(self.receipts, self.refunds, self.disputes)
        if conflict != self.conflict:
            self.trigger_event(Contradicted(conflict=conflict), why)

    # ---- what is known ----

    @property
    def payer(self) -> Payer:
        """Who pays, as far as the payment's own objects say."""
        return self.terms.payer

    @property
    def claimed_by(self) -> str | None:
        """Who a person said it is."""
        return self._claimed_by

    @property
    def sums(self) -> Sums:
        """Paid, refunded, disputed and lost, in minor units."""
        return Sums(
            self.received.minor if self.received else None,
            self.refunds.minor,
            self.disputes.disputed_minor,
            self.disputes.lost_minor,
        )

    @property
    def taken_back(self) -> TakenBack | None:
        """When a full refund or a lost dispute took back what was given, whichever came first."""
        paid = self.received.minor if self.received else 0
        refunded_at = self.refunds.reached(paid) if 0 < paid <= self.refunds.minor else None
        lost_at = self.disputes.lost_at
        found = [
            TakenBack(refunded_at, "refunded") if refunded_at else None,
            TakenBack(lost_at, "dispute_lost") if lost_at else None,
        ]
        return min(filter(None, found), default=None)

    # ---- evolve ----

    @evolves(Described)
    def _described(self, event: Described) -> None:
        self.described = {**self.described, event.source: event.standing}
        self.terms = event.terms

    @evolves(Paid)
    def _paid(self, event: Paid) -> None:
        self.receipts = self.receipts.with_(event.source, event.reported)
        self.received, self.conflict = event.received, event.conflict
        self.paid_at, self.charge_id = event.paid_at, event.charge_id

    @evolves(Contradicted)
    def _contradicted(self, event: Contradicted) -> None:
        self.conflict = event.conflict

    @evolves(PaymentClosed)
    def _payment_closed(self, event: PaymentClosed) -> None:
        self.closed = event.outcome

    @evolves(RefundReported)
    def _refund_reported(self, event: RefundReported) -> None:
        self.refunds = self.refunds.with_(event.refund_id, event.refund)

    @evolves(RefundTotalReported)
    def _refund_total_reported(self, event: RefundTotalReported) -> None:
        self.refunds = self.refunds.with_total(event.total, event.at)

    @evolves(DisputeReported)
    def _dispute_reported(self, event: DisputeReported) -> None:
        self.disputes = self.disputes.standing(event.dispute_id, event.standing, event.lost_at)

    @evolves(Claimed)
    def _claimed(self, event: Claimed) -> None:
        self._claimed_by = event.customer_id

    @evolves(InvoiceSettled)
    def _invoice_settled(self, event: InvoiceSettled) -> None:
        self.invoice_ids = event.invoice_ids or (event.invoice_id,)

    @evolves(SoldAlone)
    def _sold_alone(self, event: SoldAlone) -> None:
        self.stands_alone = True

    @evolves(Receipted)
    def _receipted(self, event: Receipted) -> None:
        self.receipt = event.receipt

    @evolves(Entitled)
    def _entitled(self, event: Entitled) -> None:
        self.access = event.access

    @evolves(CreditsResolved)
    def _credits_resolved(self, event: CreditsResolved) -> None:
        self.grant = event.grant

    @evolves(AccountCredited)
    def _account_credited(self, event: AccountCredited) -> None:
        self.account_credit = event.credit


def _merged(described: dict[PaymentSource, Newest[Terms]]) -> Terms:
    """The sum of what all objects say; where they differ the payment intent is believed first."""
    return reduce(Terms.or_else, (described[by].state for by in _BELIEVED if by in described))


_BELIEVED: tuple[PaymentSource, ...] = ("intent", "checkout", "charge")
_CLOSING: dict[PaymentOutcome | None, int] = {
    None: 0, "pending": 0, "paid": 0, "failed": 1, "abandoned": 2, "canceled": 3,
}  # fmt: skip
NOTHING_SAID = Terms(opened_at=EPOCH, payer=Payer())
