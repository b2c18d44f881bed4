"""Each fact is told once, however and how often it is reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from ledger.aggregates.credit_wallet import Granted, Spent, Totals
from ledger.aggregates.invoice_events import Finalized, Paid, PaymentFailed, Updated
from ledger.aggregates.invoice_events import Receipted as InvoiceReceipted
from ledger.aggregates.mirrors import PaymentMethodReported
from ledger.aggregates.purchase_events import (
    DisputeReported,
    Receipted,
    RefundReported,
    RefundTotalReported,
)
from ledger.aggregates.subscription import Changed, Ended, Started, StatusChanged
from ledger.effects import Receipt
from ledger.mirrors import PaymentMethod
from ledger.observations import (
    Bill,
    Dispute,
    DisputeStatus,
    Payer,
    Period,
    Plan,
    Refund,
    RefundStatus,
)
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import SCOPE, START, day, usd
from tests.ledger.mail.given import Life

INVOICE = SCOPE.stream("invoice", "in_1")
PURCHASE = SCOPE.stream("purchase", "pi_1")
SUBSCRIPTION = SCOPE.stream("subscription", "sub_1")
WALLET = SCOPE.stream("wallet", "ann")
CARD = SCOPE.stream("payment_method", "pm_1")
NOBODY = Receipt(None, usd(900), START)
ANNS = Receipt("ann", usd(900), START)


def newest(state: Any, at: datetime = START) -> Newest[Any]:
    return Newest((Snapshot(state, at),))


def bill(
    attempts: int = 0,
    status: Any = "open",
    next_at: datetime | None = None,
    subscription_id: str | None = None,
) -> Newest[Any]:
    payer = Payer(None, "cus_1")
    left = 0 if status == "paid" else 900
    return newest(
        Bill(
            status=status,
            payer=payer,
            total=usd(900),
            paid=usd(900 - left),
            number="A-1",
            subscription_id=subscription_id,
            attempt_count=attempts,
            next_attempt_at=next_at,
            remaining_minor=left,
        )
    )


def plan(status: str = "active", **changes: Any) -> Newest[Any]:
    usual = {"started_at": START, "plan_id": "pro", "period": Period(day(0), day(30))}
    return newest(Plan(status, Payer(None, "cus_1"), **{**usual, **changes}))


def test_a_receipt_is_told_once_it_is_known_whose_it_is() -> None:
    life = Life()

    assert life.happen(PURCHASE, Receipted(receipt=NOBODY)) == []
    assert life.happen(PURCHASE, Receipted(receipt=ANNS)) == ["mail.receipt:pi_1"]
    back = Receipt("ann", usd(900), START, 900)
    assert life.happen(PURCHASE, Receipted(receipt=None), Receipted(receipt=back)) == []


def test_an_old_receipt_that_changes_later_is_not_told_again() -> None:
    life = Life()
    life.happen(INVOICE, InvoiceReceipted(receipt=ANNS))
    life.intents.clear()

    back = Receipt("ann", usd(900), START, 100)
    assert life.happen(INVOICE, InvoiceReceipted(receipt=back)) == []


def test_nothing_is_told_of_what_cost_nothing() -> None:
    assert Life().happen(INVOICE, InvoiceReceipted(receipt=Receipt("ann", usd(0), START))) == []


def test_each_failed_try_is_told_once() -> None:
    life = Life()

    told = life.happen(
        INVOICE,
        Finalized(standing=bill()),
        PaymentFailed(standing=bill(1, next_at=day(3))),
        Updated(standing=bill(1, next_at=day(4))),
        PaymentFailed(standing=bill(2)),
        Paid(standing=bill(2, "paid")),
    )

    assert told == ["mail.payment_failed:in_1:1", "mail.payment_failed:in_1:2"]
    assert [each.due_at - life.clock() for each in life.intents.values()] == [
        timedelta(0),
        timedelta(minutes=10),
    ], "whether the last one failed shows a little later"


def test_a_failed_try_is_told_even_if_it_is_the_first_that_is_reported() -> None:
    assert Life().happen(INVOICE, Finalized(standing=bill(1))) == ["mail.payment_failed:in_1:1"]


def test_a_subscription_is_told_when_it_runs_and_not_when_it_is_made() -> None:
    life = Life()

    assert life.happen(SUBSCRIPTION, Started(standing=plan("incomplete"))) == []
    assert life.happen(SUBSCRIPTION, StatusChanged(standing=plan())) == [
        "mail.subscription_started:sub_1",
        "mail.will_renew:sub_1:20261001T120000",
    ]
    assert life.happen(SUBSCRIPTION, StatusChanged(standing=plan("past_due"))) == []
    assert life.happen(SUBSCRIPTION, StatusChanged(standing=plan())) == []


def test_what_changes_of_a_subscription_is_told() -> None:
    life = Life()
    life.happen(SUBSCRIPTION, Started(standing=plan()))

    [changed] = life.happen(SUBSCRIPTION, Changed(standing=plan(plan_id="team")))
    assert changed.startswith("mail.subscription_changed:sub_1:20260901T120000:")
    cancelled = plan(plan_id="team", cancel_at=day(30))
    assert life.happen(SUBSCRIPTION, Changed(standing=cancelled)) == [
        "mail.subscription_cancelled:sub_1:20261001T120000"
    ]
    ended = plan("canceled", plan_id="team", cancel_at=day(30), ended_at=day(30))
    assert life.happen(SUBSCRIPTION, Ended(standing=ended)) == ["mail.subscription_ended:sub_1"]
    assert life.happen(SUBSCRIPTION, Ended(standing=ended)) == []


def test_what_never_ran_ends_in_silence() -> None:
    life = Life()
    life.happen(SUBSCRIPTION, Started(standing=plan("incomplete")))

    assert life.happen(SUBSCRIPTION, Ended(standing=plan("incomplete_expired"))) == []


def test_reminders_are_due_some_days_ahead_and_follow_the_period() -> None:
    life = Life(BILLING_MAIL_NOTICE_DAYS="5")
    trial = plan("trialing", trial=Period(day(0), day(14)), period=Period(day(0), day(14)))

    life.happen(SUBSCRIPTION, Started(standing=trial))
    life.turn(14)
    life.happen(SUBSCRIPTION, StatusChanged(standing=plan(period=Period(day(14), day(44)))))

    due = {id_.rpartition("/")[2]: each.due_at for id_, each in life.intents.items()}
    assert due["mail.trial_ending:sub_1:20260915T120000"] == day(9)
    assert due["mail.will_renew:sub_1:20261015T120000"] == day(39)


def test_without_days_of_notice_nobody_is_reminded() -> None:
    life = Life(BILLING_MAIL_NOTICE_DAYS="0")

    assert life.happen(SUBSCRIPTION, Started(standing=plan())) == [
        "mail.subscription_started:sub_1"
    ]


def test_refunds_are_told_by_what_went_back_whoever_reports_it() -> None:
    life = Life()
    first = Refund(usd(300), "succeeded", START)

    assert life.happen(
        PURCHASE,
        RefundTotalReported(total=usd(300), at=START, refunded_minor=300),
        RefundReported(refund_id="re_1", refund=first, refunded_minor=300),
        RefundReported(refund_id="re_2", refund=first, refunded_minor=600),
    ) == ["mail.refund:pi_1:300", "mail.refund:pi_1:600"]


def test_a_refund_that_failed_is_followed_by_others_that_are_told_anew() -> None:
    life = Life()

    def reported(number: int, minor: int, status: RefundStatus, in_all: int) -> RefundReported:
        refund = Refund(usd(minor), status, START)
        return RefundReported(refund_id=f"re_{number}", refund=refund, refunded_minor=in_all)

    told = life.happen(
        PURCHASE,
        reported(1, 600, "succeeded", 600),
        reported(1, 600, "failed", 0),
        reported(2, 200, "succeeded", 200),
        reported(3, 400, "succeeded", 600),
    )

    assert told == ["mail.refund:pi_1:600", "mail.refund:pi_1:200:1", "mail.refund:pi_1:600:1"]
    sums = [each.data["amounts"]["refunded"]["minor"] for each in life.intents.values()]
    assert sums == [600, 200, 400]


def test_a_dispute_is_told_when_it_opens_and_when_it_is_decided() -> None:
    life = Life()

    def reported(status: DisputeStatus) -> DisputeReported:
        standing = newest(Dispute(usd(900), status))
        return DisputeReported(
            dispute_id="dp_1", standing=standing, disputed_minor=900, lost_minor=0
        )

    statuses: tuple[DisputeStatus, ...] = ("inquiry", "open", "open", "lost")
    told = life.happen(PURCHASE, *map(reported, statuses))

    assert told == ["mail.dispute:dp_1:open", "mail.dispute:dp_1:lost"]


def test_credits_are_told_when_they_are_bought_and_when_they_run_low() -> None:
    life = Life()
    totals = Totals(granted=100)

    assert life.happen(WALLET, Granted(grant_id="pi_1", credits=100, totals=totals)) == [
        "mail.credits_bought:pi_1"
    ]
    spent = [Spent(key=str(each), credits=1, totals=Totals(100, each)) for each in (90, 91, 92)]
    assert life.happen(WALLET, *spent) == ["mail.credits_low:ann:3"]


def test_a_card_is_told_a_month_before_it_expires() -> None:
    life = Life()
    card = PaymentMethod(
        provider_customer_id="cus_1", kind="card", brand="visa", exp_month=12, exp_year=2026
    )
    reported = PaymentMethodReported(standing=newest(card), customer_id="ann")

    assert life.happen(CARD, reported, reported) == ["mail.card_expiring:pm_1:2026-12"]
    (intent,) = life.intents.values()
    assert intent.due_at.isoformat() == "2026-12-02T00:00:00+00:00"


def test_a_card_that_is_added_shortly_before_its_end_is_told_at_once() -> None:
    life = Life()
    card = PaymentMethod(
        provider_customer_id="cus_1", kind="card", brand="visa", exp_month=9, exp_year=2026
    )

    life.happen(CARD, PaymentMethodReported(standing=newest(card), customer_id="ann"))

    (intent,) = life.intents.values()
    assert intent.due_at == life.clock()
    assert msgspec.convert(intent.data["at"], datetime) == life.clock(), "it is news, not old"


def test_without_a_way_to_send_mail_none_is_intended() -> None:
    life = Life(BILLING_MAIL_DIR="")

    assert life.happen(PURCHASE, Receipted(receipt=ANNS)) == []
