"""Invoices: what is owed still, what was paid by however many payments, and what was given up."""

from typing import Any

import pytest

from tests.ledger.providers.stripe.objects import (
    DAY,
    NOW,
    Json,
    invoice,
    invoice_payment,
    payment_intent,
    refund,
    subscription,
)
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.stories import only, rows_in_all_orders


def billed(status: str = "open", paid: int = 0, **changes: Any) -> Json:
    """An invoice over thirty dollars of which `paid` cents are paid."""
    left = {"amount_due": 3000, "amount_paid": paid, "amount_remaining": 3000 - paid}
    return invoice(status=status, **{**left, **changes})


FINAL = event("invoice.finalized", billed(status_transitions={"finalized_at": NOW}))
PAID = event("invoice.paid", billed("paid", 3000), 3)
BEGUN = event("customer.subscription.created", subscription())


def half(number: int) -> Json:
    """One of two payments of half of it, which names it."""
    of = {"customer_reference": None, "order_reference": "in_1"}
    paid = payment_intent(id=f"pi_{number}", amount_received=1500, payment_details=of)
    return event("payment_intent.succeeded", paid)


def back(number: int, amount: int = 1500) -> Json:
    """Some of one half goes back, so many days after the start."""
    told = refund(id=f"re_{number}", amount=amount, payment_intent=f"pi_{number}")
    return event("refund.created", told, 4 + number)


def test_an_open_invoice_is_owed() -> None:
    due = billed(due_date=NOW + 30 * DAY, attempt_count=2, next_payment_attempt=NOW + 3 * DAY)
    found = only(
        rows_in_all_orders(FINAL, event("invoice.payment_failed", due, 1)),
        "invoices",
    )

    assert (found["status"], found["total_minor"], found["due_minor"]) == ("open", 3000, 3000)
    assert (found["paid_minor"], found["remaining_minor"]) == (0, 3000)
    assert (found["attempt_count"], found["next_attempt_at"]) == (2, time(3))
    assert (found["due_at"], found["finalized_at"]) == (time(30), time(0))
    assert (found["customer_id"], found["subscription_id"]) == ("cus_1", "sub_1")


def test_a_paid_invoice_is_owed_no_more() -> None:
    found = only(rows_in_all_orders(FINAL, PAID), "invoices")

    assert (found["status"], found["paid_minor"], found["remaining_minor"]) == ("paid", 3000, 0)
    assert (found["paid_at"], found["overpaid_minor"]) == (time(0), 0)


@pytest.mark.parametrize(
    ("end", "status", "column", "left"),
    [
        ("voided", "void", "voided_at", 0),
        ("marked_uncollectible", "uncollectible", "uncollectible_at", 3000),
    ],
)
def test_an_invoice_is_withdrawn_or_given_up(end: str, status: str, column: str, left: int) -> None:
    moved = {"voided": "voided_at"}.get(end, "marked_uncollectible_at")
    told = billed(status, status_transitions={moved: NOW + DAY})
    found = only(rows_in_all_orders(FINAL, event(f"invoice.{end}", told, 1)), "invoices")

    assert (found["status"], found[column], found["remaining_minor"]) == (status, time(1), left)


def test_what_was_given_up_may_be_paid_after_all() -> None:
    given_up = event("invoice.marked_uncollectible", billed("uncollectible"), 1)
    found = only(rows_in_all_orders(FINAL, given_up, PAID), "invoices")

    assert (found["status"], found["remaining_minor"]) == ("paid", 0)


def test_a_partial_payment_covers_nothing_yet() -> None:
    rows = rows_in_all_orders(
        FINAL,
        event("invoice.updated", billed(paid=1500), 1, before={"amount_paid": 0}),
        half(1),
        BEGUN,
    )

    found = only(rows, "invoices")
    assert (found["paid_minor"], found["remaining_minor"]) == (1500, 1500)
    assert rows["paid_invoices"] == {}
    assert only(rows, "subscriptions")["paid_until"] is None


def test_the_refunds_of_all_its_payments_add_up() -> None:
    rows = rows_in_all_orders(PAID, half(1), half(2), back(1, 500), back(2, 300))

    assert only(rows, "paid_invoices")["amount_refunded_minor"] == 800


def test_it_is_taken_back_once_nothing_is_left_of_any_payment() -> None:
    rows = rows_in_all_orders(PAID, BEGUN, half(1), half(2), back(1), back(2))

    assert only(rows, "paid_invoices")["amount_refunded_minor"] == 3000
    assert only(rows, "subscriptions")["paid_until"] is None


def test_a_part_that_was_paid_elsewhere_keeps_it_paid_for() -> None:
    elsewhere = invoice_payment(payment={"type": "payment_record"}, amount_paid=1500)
    rows = rows_in_all_orders(
        PAID, BEGUN, half(1), back(1), event("invoice_payment.paid", elsewhere)
    )

    assert only(rows, "paid_invoices")["amount_refunded_minor"] == 1500
    assert only(rows, "subscriptions")["paid_until"] == time(30)


def test_an_invoice_paid_elsewhere_is_paid_without_a_payment_of_ours() -> None:
    elsewhere = invoice_payment(payment={"type": "payment_record"})
    rows = rows_in_all_orders(FINAL, PAID, event("invoice_payment.paid", elsewhere, 3))

    assert only(rows, "paid_invoices")["amount_paid_minor"] == 3000
    assert rows["purchases"] == {}


def test_what_is_overpaid_shows_even_within_the_same_second() -> None:
    over = event("invoice.overpaid", billed("paid", 3500, amount_overpaid=500), 3)
    found = only(rows_in_all_orders(FINAL, PAID, over), "invoices")

    assert (found["overpaid_minor"], found["ambiguous"]) == (500, False)
    assert (found["remaining_minor"], found["status"]) == (0, "paid")


def test_a_draft_and_its_deletion_are_no_invoice() -> None:
    draft = billed("draft", number=None)
    rows = rows_in_all_orders(event("invoice.created", draft))

    assert rows["invoices"] == {}
