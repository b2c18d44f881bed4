"""Purchases: every event of a payment, and what finance reads after it."""

from typing import Any

import pytest

from ledger.aggregates.purchase_events import (
    Attributed,
    Described,
    DisputeReported,
    InvoiceSettled,
    Paid,
    PaymentClosed,
    RefundReported,
    RefundTotalReported,
)
from ledger.event import Event
from ledger.money import Money
from ledger.observations import Dispute, Payer, PaymentSource, Refund, Terms
from projections.purchase_row import Purchase
from tests.projections.given import DAY, JAN_1, PURCHASE, given, rows, standing

EUROS = Money(2900, "eur")
TERMS = Terms(JAN_1, Payer("user_1"), EUROS, "Path 7", None, ("learning_path:7",), 10)
PAID = Paid(source="intent", reported=EUROS, received=EUROS, paid_at=JAN_1 + DAY)


def described(source: PaymentSource = "intent", **how: Any) -> Described:
    ambiguous, ours = how.get("ambiguous", False), how.get("ours", True)
    return Described(source=source, standing=standing(TERMS, ambiguous), terms=TERMS, ours=ours)


def refunded(minor: int) -> RefundReported:
    refund = Refund(Money(minor, "eur"), "succeeded", JAN_1)
    return RefundReported(refund_id="re_1", refund=refund, refunded_minor=minor)


def disputed(minor: int, lost: int = 0) -> DisputeReported:
    state = standing(Dispute(Money(2900, "eur"), "open"))
    return DisputeReported(dispute_id="dp_1", standing=state, disputed_minor=minor, lost_minor=lost)


def purchase(*events: Event) -> Purchase:
    (row,) = rows("purchases", *given(PURCHASE, *events))
    assert isinstance(row, Purchase)
    return row


def test_a_paid_purchase_says_what_was_bought_by_whom_and_when() -> None:
    attributed = Attributed(customer_id="user_1", provider_customer_id="cus_1")

    row = purchase(described(), attributed, PAID)

    assert row == Purchase(
        stream=PURCHASE,
        purchase_id="pi_1",
        account="",
        customer_id="user_1",
        provider_customer_id="cus_1",
        status="paid",
        currency="eur",
        amount_minor=2900,
        paid_minor=2900,
        credits=10,
        features=("learning_path:7",),
        description="Path 7",
        opened_at=JAN_1,
        paid_at=JAN_1 + DAY,
        seen=True,
    )


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([described()], "pending"),
        ([PaymentClosed(outcome="failed")], "failed"),
        ([PaymentClosed(outcome="canceled")], "canceled"),
        ([PaymentClosed(outcome="abandoned")], "abandoned"),
        ([PaymentClosed(outcome="failed"), PAID], "paid"),
        ([PAID, refunded(100)], "partially_refunded"),
        ([PAID, refunded(2900)], "refunded"),
        ([PAID, refunded(2900), refunded(0)], "paid"),
        ([PAID, disputed(2900)], "disputed"),
        ([PAID, disputed(2900, 2900)], "dispute_lost"),
        ([PAID, disputed(2900), disputed(0)], "paid"),
        ([described(ours=False), PAID], "other_platform"),
        (
            [
                Paid(
                    source="intent",
                    reported=Money(0, "eur"),
                    received=Money(0, "eur"),
                    paid_at=JAN_1,
                )
            ],
            "paid",
        ),
    ],
)
def test_the_status_follows_from_all_facts(events: list[Event], status: str) -> None:
    assert purchase(*events).status == status


def test_the_order_in_which_facts_come_makes_no_difference() -> None:
    facts = [described(), PAID, refunded(100), InvoiceSettled(invoice_id="in_1")]

    assert purchase(*facts) == purchase(*reversed(facts))


def test_the_providers_own_sum_of_refunds_counts() -> None:
    total = RefundTotalReported(total=Money(50, "eur"), at=JAN_1, refunded_minor=50)

    assert purchase(PAID, total).refunded_minor == 50


def test_a_payment_of_an_invoice_names_it() -> None:
    row = purchase(described(), InvoiceSettled(invoice_id="in_1"))

    assert (row.invoice_id, row.seen) == ("in_1", True)


def test_a_payment_only_its_invoice_speaks_of_was_not_seen() -> None:
    assert not purchase(InvoiceSettled(invoice_id="in_1")).seen


def test_it_is_ambiguous_while_any_of_its_reports_is() -> None:
    doubted = [described("intent", ambiguous=True), described("charge", ambiguous=True)]

    assert purchase(*doubted, described("intent")).doubts == ("charge",)
    assert purchase(*doubted, described("intent")).ambiguous
    assert not purchase(*doubted, described("intent"), described("charge")).ambiguous
