"""What payments cost: fetched or enclosed, in any order, one row each."""

from typing import Any

import pytest

from tests.ledger.providers.stripe.mirrored_objects import balance_transaction
from tests.ledger.providers.stripe.objects import DAY, NOW, charge, dispute, refund
from tests.ledger.providers.stripe.payloads import event, observe, time
from tests.projections.stories import only, rows_in_all_orders


def fetched(**changes: Any) -> Any:
    return event("balance_transaction.fetched", balance_transaction(**changes))


def test_a_payment_has_its_fee_and_what_is_left_of_it() -> None:
    rows = rows_in_all_orders(
        event("charge.succeeded", charge()),
        event("charge.updated", charge(balance_transaction="txn_1"), 0.1),
        fetched(),
    )

    found = only(rows, "balance_transactions")
    assert found["purchase_id"] == only(rows, "purchases")["purchase_id"] == "pi_1"
    assert (found["amount_minor"], found["fee_minor"], found["net_minor"]) == (1000, 59, 941)
    assert (found["provider_fee_minor"], found["application_fee_minor"]) == (59, 0)
    assert (found["created_at"], found["available_on"]) == (time(0), time(2))


def test_fees_are_told_apart() -> None:
    details = [
        {"type": "stripe_fee", "amount": 59, "currency": "eur"},
        {"type": "application_fee", "amount": 100, "currency": "eur"},
        {"type": "tax", "amount": 11, "currency": "eur"},
        {"type": "withheld_tax", "amount": 3, "currency": "eur"},
        {"type": "of_tomorrow", "amount": 7, "currency": "eur"},
    ]
    rows = rows_in_all_orders(fetched(fee=180, net=820, fee_details=details, currency="eur"))

    found = only(rows, "balance_transactions")
    assert (found["currency"], found["fee_minor"]) == ("eur", 180)
    assert (found["provider_fee_minor"], found["application_fee_minor"]) == (59, 100)
    assert found["tax_minor"] == 14


def test_a_dispute_encloses_its_own_and_needs_none_fetched() -> None:
    fee = [{"type": "stripe_fee", "amount": 1500, "currency": "usd"}]
    taken = balance_transaction(
        amount=-1000, fee=1500, fee_details=fee, net=-2500, source="dp_1", type="adjustment"
    )
    given_back = balance_transaction(
        id="txn_2", fee=0, fee_details=[], net=1000, source="dp_1", created=NOW + DAY
    )
    rows = rows_in_all_orders(
        event("charge.dispute.created", dispute(balance_transactions=[])),
        event("charge.dispute.funds_withdrawn", dispute(balance_transactions=[taken])),
        event(
            "charge.dispute.funds_reinstated",
            dispute(status="won", balance_transactions=[taken, given_back]),
            1,
        ),
    )["balance_transactions"]

    assert {row.purchase_id for row in rows.values()} == {"pi_1"}  # type: ignore[attr-defined]  # rows of this table
    assert sum(row.net_minor for row in rows.values()) == -1500  # type: ignore[attr-defined]  # the same


def test_one_that_is_enclosed_and_fetched_is_one_and_the_same() -> None:
    enclosed = balance_transaction(source="ch_1")
    rows = rows_in_all_orders(
        event("charge.updated", charge(balance_transaction=enclosed), 1),
        fetched(),
        event("charge.refunded", charge(balance_transaction="txn_1", amount_refunded=10), 2),
    )

    found = only(rows, "balance_transactions")
    assert (found["purchase_id"], found["ambiguous"]) == ("pi_1", False)


def test_whoever_knows_the_payment_is_believed() -> None:
    unexpanded = balance_transaction(source="re_1")
    of_2019 = event(
        "refund.updated", refund(payment_intent=None, balance_transaction=unexpanded), 9
    )
    known = balance_transaction(source={"id": "re_1", "object": "refund", "payment_intent": "pi_1"})
    rows = rows_in_all_orders(of_2019, event("balance_transaction.fetched", known))

    found = only(rows, "balance_transactions")
    assert (found["purchase_id"], found["source_id"], found["ambiguous"]) == ("pi_1", "re_1", False)


def test_reports_that_contradict_each_other_are_marked() -> None:
    rows = rows_in_all_orders(
        fetched(),
        event(
            "charge.updated", charge(balance_transaction=balance_transaction(fee=60, net=940)), 1
        ),
    )

    assert only(rows, "balance_transactions")["ambiguous"]


def test_what_pays_nobodys_purchase_has_none() -> None:
    paid_out = {"id": "po_1", "object": "payout"}
    rows = rows_in_all_orders(
        fetched(amount=-5000, fee=0, fee_details=[], net=-5000, source=paid_out, type="payout"),
        fetched(id="txn_2", source=None, type="stripe_fee"),
    )["balance_transactions"]

    assert [(row.source_id, row.purchase_id) for row in rows.values()] == [  # type: ignore[attr-defined]  # rows of this table
        ("po_1", None),
        (None, None),
    ]


@pytest.mark.parametrize("currency", ["doubloon", ""])
def test_a_currency_nobody_knows_is_refused(currency: str) -> None:
    with pytest.raises(Exception, match="is not a currency"):
        observe(fetched(currency=currency))
