"""A credit note shows what it takes off; money that goes back for it counts once, as a refund."""

from typing import Any

import pytest

from tests.ledger.providers.stripe.mirrored_objects import credit_note
from tests.ledger.providers.stripe.objects import (
    DAY,
    NOW,
    Json,
    charge,
    customer,
    invoice,
    invoice_payment,
    payment_intent,
    refund,
)
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.stories import only, rows_in_all_orders

PAID = (
    event("invoice.paid", invoice()),
    event("invoice_payment.paid", invoice_payment(payment={"payment_intent": "pi_1", "type": ""})),
    event("payment_intent.succeeded", payment_intent(amount_received=3000)),
)
DUE: Json = {"amount_due": 3000, "amount_paid": 0, "amount_remaining": 3000}
OPEN = event("invoice.finalized", invoice(status="open", **DUE))


def note(on: float = 2, **changes: Any) -> Json:
    """A note that takes ten dollars off what is owed."""
    created = NOW + round(on * DAY)
    parts = {"pre_payment_amount": 1000, "post_payment_amount": 0, "refunds": []}
    told = {**parts, "type": "pre_payment", "created": created, **changes}
    return credit_note(**told)


def test_a_note_after_payment_shows_its_refund_which_counts_once() -> None:
    rows = rows_in_all_orders(
        *PAID,
        event("refund.created", refund(), 2),
        event("credit_note.created", credit_note(), 2),
    )

    found = only(rows, "credit_notes")
    assert (found["customer_id"], found["invoice_id"]) == ("cus_1", "in_1")
    assert (found["pre_payment_minor"], found["post_payment_minor"]) == (0, 1000)
    assert (found["refunded_minor"], found["refund_ids"]) == (1000, ("re_1",))
    assert only(rows, "purchases")["refunded_minor"] == 1000
    assert only(rows, "paid_invoices")["amount_refunded_minor"] == 1000


def test_the_sum_of_the_charge_does_not_count_it_again_either() -> None:
    rows = rows_in_all_orders(
        *PAID,
        event("credit_note.created", credit_note(), 2),
        event("charge.refunded", charge(amount=3000, amount_refunded=1000), 2),
    )

    assert only(rows, "paid_invoices")["amount_refunded_minor"] == 1000


def test_what_stays_as_the_customers_balance_is_no_refund() -> None:
    kept = credit_note(refunds=[], customer_balance_transaction="cbtxn_1")
    rows = rows_in_all_orders(*PAID, event("credit_note.created", kept, 2))

    found = only(rows, "credit_notes")
    assert (found["refunded_minor"], found["credited_minor"]) == (0, 1000)
    assert only(rows, "paid_invoices")["amount_refunded_minor"] == 0


def test_a_mixed_note_keeps_its_parts_apart() -> None:
    refunds = [{"amount_refunded": 300, "refund": f"re_{number}"} for number in (2, 1)]
    parts = {"post_payment_amount": 900, "pre_payment_amount": 100, "out_of_band_amount": 200}
    mixed = credit_note(refunds=refunds, customer_balance_transaction="cbtxn_1", **parts)

    found = only(rows_in_all_orders(event("credit_note.created", mixed)), "credit_notes")
    assert (found["refunded_minor"], found["refund_ids"]) == (600, ("re_1", "re_2"))
    assert (found["credited_minor"], found["out_of_band_minor"]) == (100, 200)
    assert found["pre_payment_minor"] == 100


def test_a_note_before_payment_reduces_what_is_owed_and_not_what_was_paid() -> None:
    rows = rows_in_all_orders(
        OPEN, event("credit_note.created", note(), 2), event("customer.created", customer())
    )

    found = only(rows, "invoices")
    assert (found["due_minor"], found["paid_minor"], found["remaining_minor"]) == (3000, 0, 2000)
    assert rows["paid_invoices"] == {}


def test_the_invoice_that_knows_of_the_note_already_is_not_reduced_twice() -> None:
    reduced = invoice(status="open", **{**DUE, "amount_remaining": 2000})
    rows = rows_in_all_orders(
        OPEN,
        event("credit_note.created", note(), 2),
        event("invoice.updated", reduced, 2, before={"amount_remaining": 3000}),
    )

    assert only(rows, "invoices")["remaining_minor"] == 2000


def test_a_note_that_is_told_otherwise_later_takes_off_what_the_newest_report_says() -> None:
    """As two endpoints may, of which the older knows no mixed notes."""
    rows = rows_in_all_orders(
        OPEN,
        event("credit_note.created", note(), 2),
        event("credit_note.updated", note(pre_payment_amount=0, post_payment_amount=1000), 3),
    )

    assert only(rows, "invoices")["remaining_minor"] == 3000


def test_a_voided_note_takes_nothing_off() -> None:
    voided = note(status="void", voided_at=NOW + 4 * DAY)
    rows = rows_in_all_orders(
        OPEN,
        event("credit_note.created", note(), 2),
        event("credit_note.voided", voided, 4),
    )

    assert only(rows, "invoices")["remaining_minor"] == 3000
    assert only(rows, "credit_notes")["voided_at"] == time(4)


def test_a_note_voided_after_the_newest_report_of_its_invoice_is_owed_again() -> None:
    reduced = invoice(status="open", **{**DUE, "amount_remaining": 2000})
    voided = note(status="void", voided_at=NOW + 4 * DAY)
    rows = rows_in_all_orders(
        event("invoice.updated", reduced, 3, before={"amount_remaining": 3000}),
        event("credit_note.created", note(), 2),
        event("credit_note.voided", voided, 4),
    )

    assert only(rows, "invoices")["remaining_minor"] == 3000


@pytest.mark.parametrize("status", ["paid", "void"])
def test_of_a_paid_or_withdrawn_invoice_nothing_is_owed(status: str) -> None:
    rows = rows_in_all_orders(
        OPEN,
        event("credit_note.created", note(), 2),
        event("invoice.updated", invoice(status=status, **DUE), 3, before={"status": "open"}),
    )

    assert only(rows, "invoices")["remaining_minor"] == 0


@pytest.mark.parametrize(
    ("older", "parts"),
    [
        ({"type": "post_payment", "refund": "re_1"}, (0, 1000, 1000, 0)),
        ({"type": "post_payment", "refund": None}, (0, 1000, 0, 1000)),
        ({"type": "pre_payment", "refund": None}, (1000, 0, 0, 0)),
    ],
)
def test_a_note_from_before_the_parts_were_told(
    older: Json, parts: tuple[int, int, int, int]
) -> None:
    told = credit_note(customer_balance_transaction="cbtxn_1", **older)
    for gone in ("refunds", "post_payment_amount", "pre_payment_amount"):
        del told[gone]

    rows = rows_in_all_orders(event("credit_note.created", told, api_version="2024-06-20"))
    found = only(rows, "credit_notes")
    names = ("pre_payment", "post_payment", "refunded", "credited")
    assert tuple(found[f"{name}_minor"] for name in names) == parts
