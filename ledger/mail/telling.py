"""Which events are told to customers: one mail for a fact, however often it is reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeGuard

from ledger.aggregates import credit_wallet, invoice_events, mirrors, purchase_events
from ledger.aggregates.purchase import Purchase
from ledger.effects import Receipt
from ledger.event import Event
from ledger.mail.cards import card_expiring
from ledger.mail.letter import Letter
from ledger.mail.plans import PLANS
from ledger.money import Money
from ledger.reactions.deciding import Decide, Decisions, Intent, Seen

SHOWS_WITHIN = timedelta(minutes=10)
TOLD_DISPUTES = ("open", "won", "lost")


def receipt(seen: Seen) -> Iterator[Intent]:
    """Money was received; told once it is known from whom."""
    event: Any = seen.event
    given: Receipt | None = event.receipt
    if (
        not given
        or not _is_told(given)
        or any(_is_told(e.receipt) for e in seen.earlier(type(event)))
    ):
        return
    yield _intent(
        "receipt",
        seen.stream.key,
        Letter(
            about=event.originator_id,
            at=given.paid_at,
            amounts={"paid": given.paid},
            times={"paid_at": given.paid_at},
            words={"number": given.number or seen.stream.key},
        ),
    )


def _is_told(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.customer_id is not None and receipt.paid.minor > 0


def payment_failed(seen: Seen) -> Iterator[Intent]:
    """One more try to collect an invoice failed.

    Where no other follows it is told a little later: by then it shows whether it really did.
    """
    event: Any = seen.event
    bill = event.standing.state
    earlier = [each.standing.state for each in seen.earlier(invoice_events.Standing)]
    tried = max((each.attempt_count for each in earlier), default=0)
    if bill.status != "open" or bill.attempt_count <= tried:
        return
    yield _intent(
        "payment_failed",
        f"{seen.stream.key}:{bill.attempt_count}",
        due_at=None if bill.next_attempt_at else event.recorded_at + SHOWS_WITHIN,
        letter=Letter(
            about=event.originator_id,
            at=event.standing.created,
            amounts={"owed": Money(bill.remaining_minor, bill.total.currency)},
            times={"next_try_at": bill.next_attempt_at} if bill.next_attempt_at else {},
            words={"number": bill.number or seen.stream.key, "attempt": bill.attempt_count},
        ),
    )


def refund(seen: Seen) -> Iterator[Intent]:
    """More went back than before; single refunds and the provider's sum tell of the same.

    A refund that fails comes back, and another may follow: that is told anew.
    """
    event: Any = seen.event
    reports = [each for each in seen.before if isinstance(each, _REFUNDS)]
    before = reports[-1].refunded_minor if reports else 0
    if event.refunded_minor <= before:
        return
    failed = {each.refund_id for each in reports if _has_failed(each)}
    currency = (event.refund.amount if hasattr(event, "refund") else event.total).currency
    amounts = {
        "refunded": Money(event.refunded_minor - before, currency),
        "in_all": Money(event.refunded_minor, currency),
    }
    letter = Letter(event.originator_id, event.effective_at, amounts)
    anew = f":{len(failed)}" if failed else ""
    yield _intent("refund", f"{seen.stream.key}:{event.refunded_minor}{anew}", letter)


_REFUNDS = (purchase_events.RefundReported, purchase_events.RefundTotalReported)


def _has_failed(report: Event) -> TypeGuard[purchase_events.RefundReported]:
    refund = report.refund if isinstance(report, purchase_events.RefundReported) else None
    return refund is not None and refund.status == "failed"


def dispute(seen: Seen) -> Iterator[Intent]:
    """A chargeback was opened, won or lost; an inquiry is not told."""
    event = seen.event
    assert isinstance(event, purchase_events.DisputeReported)
    now = event.standing.state
    known = {
        each.standing.state.status
        for each in seen.earlier(purchase_events.DisputeReported)
        if each.dispute_id == event.dispute_id
    }
    if now.status not in TOLD_DISPUTES or now.status in known:
        return
    letter = Letter(
        about=event.originator_id,
        at=event.standing.created,
        amounts={"disputed": now.amount},
        words={"status": now.status},
    )
    yield _intent("dispute", f"{event.dispute_id}:{now.status}", letter)


def credits_bought(seen: Seen) -> Iterator[Intent]:
    """A payment gave credits."""
    event = seen.event
    assert isinstance(event, credit_wallet.Granted)
    earlier = {each.grant_id for each in seen.earlier(credit_wallet.Granted)}
    if event.credits <= 0 or event.grant_id in earlier:
        return
    purchase = seen.stream.scope.stream(Purchase.CATEGORY, event.grant_id)
    words: dict[str, str | int] = {"credits": event.credits, "available": event.totals.available}
    letter = Letter(about=purchase, at=event.effective_at, words=words)
    yield _intent("credits_bought", event.grant_id, letter)


def credits_low(seen: Seen) -> Iterator[Intent]:
    """Spending took the balance below what the operator calls low."""
    event = seen.event
    assert isinstance(event, credit_wallet.Spent)
    available, low = event.totals.available, seen.by.credits_low
    if not available < low <= available + event.credits:
        return
    letter = Letter(event.originator_id, event.effective_at, words={"available": available})
    yield _intent("credits_low", f"{seen.stream.key}:{event.originator_version}", letter)


def _intent(template: str, fact: str, letter: Letter, due_at: datetime | None = None) -> Intent:
    return Intent(f"mail.{template}", fact, letter, due_at)


def _if_mailing(decide: Decide) -> Decide:
    """Nothing is intended where there is no way to have it."""

    @wraps(decide)
    def decided(seen: Seen) -> Iterator[Intent]:
        if seen.by.mails:
            yield from decide(seen)

    return decided


_TOLD: Decisions = {
    invoice_events.Receipted: (receipt,),
    purchase_events.Receipted: (receipt,),
    invoice_events.PaymentFailed: (payment_failed,),
    invoice_events.Finalized: (payment_failed,),
    purchase_events.RefundReported: (refund,),
    purchase_events.RefundTotalReported: (refund,),
    purchase_events.DisputeReported: (dispute,),
    credit_wallet.Granted: (credits_bought,),
    credit_wallet.Spent: (credits_low,),
    mirrors.PaymentMethodReported: (card_expiring,),
    **PLANS,
}

TELLING: Decisions = {kind: tuple(map(_if_mailing, decisions)) for kind, decisions in _TOLD.items()}
"""Kind of event -> the mails it may call for."""
