"""One payment that is said to settle several invoices: every order ends alike, and it is marked."""

from tests.ledger.providers.stripe.objects import (
    MONTH,
    NOW,
    Json,
    invoice,
    invoice_payment,
    payment_intent,
    refund,
    subscription,
)
from tests.ledger.providers.stripe.payloads import event
from tests.projections.stories import only, rows_in_all_orders

PAID = event("payment_intent.succeeded", payment_intent(amount_received=1000), 0.1)


def linked(key: str) -> Json:
    link = {"payment_intent": "pi_1", "type": "payment_intent"}
    paid = invoice_payment(id=f"inpay_{key}", invoice=f"in_{key}", payment=link)
    return event("invoice_payment.paid", paid)


LINKS = [linked("1"), linked("2")]


def test_the_links_of_one_payment_to_two_invoices_end_alike_in_any_order() -> None:
    rows = rows_in_all_orders(
        PAID,
        *LINKS,
        event("invoice.paid", invoice(id="in_1", amount_paid=600, total=600)),
        event("invoice.paid", invoice(id="in_2", amount_paid=400, total=400)),
        event("refund.created", refund(amount=1000), 2),
    )

    found = only(rows, "purchases")
    assert (found["invoice_id"], found["ambiguous"]) == ("in_1", True)
    receipts = rows["paid_invoices"].values()
    back = {row.invoice_id: row.amount_refunded_minor for row in receipts}  # type: ignore[attr-defined]  # rows of this table
    assert back == {"in_1": 600, "in_2": 400}


def test_a_payment_of_one_invoice_is_in_no_doubt_however_often_that_is_told() -> None:
    again = LINKS[0] | {"id": "evt_again", "created": NOW + MONTH}
    of_2020 = event(
        "payment_intent.succeeded",
        payment_intent(amount_received=1000, invoice="in_1"),
        api_version="2020-08-27",
    )

    found = only(rows_in_all_orders(PAID, LINKS[0], again, of_2020), "purchases")

    assert (found["invoice_id"], found["ambiguous"]) == ("in_1", False)


def test_versions_that_name_different_invoices_are_in_doubt_in_any_order() -> None:
    named = payment_intent(amount_received=1000, payment_details={"order_reference": "in_2"})
    of_2020 = event(
        "invoice.paid", invoice(id="in_3", payment_intent="pi_1"), api_version="2020-08-27"
    )

    found = only(
        rows_in_all_orders(
            event("payment_intent.succeeded", named),
            LINKS[0],
            of_2020,
            event("customer.subscription.created", subscription()),
        ),
        "purchases",
    )

    assert (found["invoice_id"], found["ambiguous"]) == ("in_1", True)
