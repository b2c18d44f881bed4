"""Transfers and fees: what they come to, what came back, and the charge they belong to."""

from tests.ledger.providers.stripe.mirrored_objects import application_fee, fee_refund, transfer
from tests.ledger.providers.stripe.objects import charge, payment_intent
from tests.ledger.providers.stripe.payloads import event
from tests.projections.stories import only, rows_in_all_orders

PAID = payment_intent(amount_received=1000)
FEE = event("application_fee.created", application_fee())


def test_reversals_add_up_to_what_the_furthest_report_says() -> None:
    rows = rows_in_all_orders(
        event("transfer.created", transfer()),
        event("transfer.reversed", transfer(amount_reversed=300)),
        event("transfer.reversed", transfer(amount_reversed=900)),
        event("transfer.updated", transfer(amount_reversed=300), before={"transfer_group": None}),
    )

    found = only(rows, "transfers")
    assert (found["amount_minor"], found["reversed_minor"]) == (900, 900)
    assert (found["destination"], found["ambiguous"]) == ("acct_9", False)


def test_a_transfer_leads_to_its_purchase_by_the_charge() -> None:
    rows = rows_in_all_orders(
        event("charge.succeeded", charge()),
        event("payment_intent.succeeded", PAID),
        event("transfer.created", transfer()),
    )

    assert only(rows, "purchases")["purchase_id"] == "pi_1"
    assert only(rows, "purchases")["charge_id"] == only(rows, "transfers")["charge_id"] == "ch_1"


def test_a_payment_intent_names_its_charge_where_no_charge_is_reported() -> None:
    named = payment_intent(amount_received=1000, latest_charge="ch_1")
    rows = rows_in_all_orders(
        event("payment_intent.payment_failed", payment_intent(latest_charge="ch_0")),
        event("payment_intent.succeeded", named, 1),
    )

    assert only(rows, "purchases")["charge_id"] == "ch_1"


def test_refunds_of_a_fee_add_up_whoever_tells_them() -> None:
    by_sum = rows_in_all_orders(
        FEE,
        event("application_fee.refunded", application_fee(amount_refunded=40), 1),
        event("application_fee.refunded", application_fee(amount_refunded=60), 2),
        event("application_fee.refund.updated", fee_refund(), 1),
    )
    one_by_one = rows_in_all_orders(
        FEE,
        event("application_fee.refund.updated", fee_refund(), 1),
        event("application_fee.refunded", fee_refund(id="fr_2", amount=20), 2),
    )

    assert only(by_sum, "application_fees")["refunded_minor"] == 60
    assert only(one_by_one, "application_fees")["refunded_minor"] == 60


def test_a_fee_names_the_account_its_charge_is_of() -> None:
    direct = only(rows_in_all_orders(FEE), "application_fees")
    own = application_fee(charge="py_1", originating_transaction="ch_7")
    destination = only(
        rows_in_all_orders(event("application_fee.created", own)), "application_fees"
    )

    assert (direct["charge_id"], direct["charge_account"]) == ("ch_1", "acct_9")
    assert (destination["charge_id"], destination["charge_account"]) == ("ch_7", "")
    assert direct["connected_account"] == destination["connected_account"] == "acct_9"


def test_a_refund_of_a_fee_that_was_not_seen_makes_no_row_yet() -> None:
    rows = rows_in_all_orders(event("application_fee.refund.updated", fee_refund()))

    assert rows["application_fees"] == {}
