"""Payouts: the newest status, and when they were paid and failed."""

from tests.ledger.providers.stripe.mirrored_objects import payout
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.stories import only, rows_in_all_orders

CREATED = event("payout.created", payout())
PAID = event("payout.paid", payout(status="paid"), 2)


def test_a_payout_is_paid() -> None:
    moving = event("payout.updated", payout(status="in_transit"), 1, before={"status": "pending"})
    found = only(rows_in_all_orders(CREATED, moving, PAID), "payouts")

    assert (found["status"], found["amount_minor"], found["currency"]) == ("paid", 5000, "usd")
    assert (found["paid_at"], found["arrives_at"], found["failed_at"]) == (time(2), time(2), None)


def test_a_paid_payout_may_fail_days_later() -> None:
    failed = payout(status="failed", failure_code="account_closed")
    found = only(rows_in_all_orders(CREATED, PAID, event("payout.failed", failed, 6)), "payouts")

    assert (found["status"], found["failure_code"]) == ("failed", "account_closed")
    assert (found["paid_at"], found["failed_at"]) == (time(2), time(6))


def test_within_one_second_the_status_tells_which_report_is_last() -> None:
    reconciled = payout(status="paid", reconciliation_status="completed")
    found = only(
        rows_in_all_orders(
            CREATED,
            event("payout.updated", payout(status="in_transit")),
            event("payout.paid", payout(status="paid")),
            event("payout.reconciliation_completed", reconciled),
        ),
        "payouts",
    )

    assert (found["status"], found["reconciled"], found["ambiguous"]) == ("paid", True, False)


def test_a_canceled_payout_is_canceled() -> None:
    canceled = event("payout.canceled", payout(status="canceled"))

    assert only(rows_in_all_orders(CREATED, canceled), "payouts")["status"] == "canceled"


def test_what_the_bank_makes_up_for_is_negative() -> None:
    withdrawn = event("payout.created", payout(amount=-700))

    assert only(rows_in_all_orders(withdrawn), "payouts")["amount_minor"] == -700
