"""Refunds and disputes that name only the charge reach its payment, in every order."""

import pytest

from ledger.aggregates.charge import Charge
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.purchase import Purchase
from tests.ledger.given import day
from tests.ledger.providers.stripe import old_objects
from tests.ledger.providers.stripe.objects import Json, charge, dispute, payment_intent, refund
from tests.ledger.providers.stripe.payloads import event
from tests.ledger.stories import end, end_in_all_orders

LONG_AGO = "2018-02-28"


def told(type_: str, obj: Json, on: float) -> Json:
    return event(type_, obj, on, api_version=LONG_AGO)


def nameless(obj: Json) -> Json:
    """As long ago: without the payment intent."""
    return {key: value for key, value in obj.items() if key != "payment_intent"}


@pytest.mark.parametrize("intent", ["pi_1", None])
def test_a_dispute_that_names_only_the_charge_is_of_its_payment(intent: str | None) -> None:
    lost = nameless(dispute(status="lost"))

    ending = end_in_all_orders(
        told("charge.succeeded", charge(payment_intent=intent, invoice=None), 0),
        told("charge.dispute.created", nameless(dispute()), 2),
        told("charge.dispute.closed", lost, 9),
    )

    purchase = ending.get(Purchase, intent or "ch_1")
    assert purchase.sums.lost == 1000
    assert purchase.disputes.lost_at == day(9)
    assert ending.get(Charge, "ch_1").payment_id == (intent or "ch_1")


def test_a_refund_that_names_only_the_charge_is_of_its_payment() -> None:
    back = nameless(refund(amount=400))

    ending = end_in_all_orders(
        told("payment_intent.succeeded", _intent_with_charge(), 0),
        told("charge.refund.updated", back, 3),
        told("charge.refund.updated", {**back, "status": "failed"}, 5),
    )

    assert ending.get(Purchase, "pi_1").refunds.by_id["re_1"].status == "failed"
    assert ending.get(Purchase, "ch_1").version == 0


def test_what_names_only_a_charge_waits_for_the_charge() -> None:
    ending = end(told("charge.dispute.created", nameless(dispute()), 2))

    assert ending.get(Purchase, "ch_1").version == 0
    assert len(ending.get(Charge, "ch_1").held) == 1


def test_an_old_invoice_paid_by_a_bare_charge_counts_its_refund() -> None:
    paid = charge(payment_intent=None, invoice="in_1", amount=3000, amount_captured=None)

    ending = end_in_all_orders(
        told("invoice.paid", old_objects.invoice_2017(), 0),
        told("charge.succeeded", paid, 0),
        told("charge.refund.updated", nameless(refund(amount=1200)), 4),
    )

    receipt = ending.get(Invoice, "in_1").receipt
    assert receipt is not None
    assert (receipt.paid.minor, receipt.refunded_minor) == (3000, 1200)
    assert ending.get(Purchase, "ch_1").receipt is None


def test_a_sale_stays_one_though_newer_versions_cannot_tell() -> None:
    ending = end_in_all_orders(
        event("payment_intent.created", payment_intent(invoice=None), 0, api_version="2024-06-20"),
        event("payment_intent.succeeded", payment_intent(amount_received=1000), 1),
    )

    assert ending.get(Purchase, "pi_1").receipt is not None


def test_an_invoice_stays_linked_though_newer_versions_do_not_tell() -> None:
    ending = end_in_all_orders(
        event(
            "payment_intent.created", payment_intent(invoice="in_1"), 0, api_version="2024-06-20"
        ),
        event("payment_intent.succeeded", payment_intent(amount_received=1000), 1),
    )

    assert ending.get(Purchase, "pi_1").invoice_ids == ("in_1",)
    assert ending.get(Purchase, "pi_1").receipt is None


def _intent_with_charge() -> Json:
    inside = {"data": [{"id": "ch_1", "object": "charge"}]}
    return payment_intent(amount_received=1000, status="succeeded", charges=inside)
