"""Older versions have the same facts in other places."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from web.sandbox import Year, simulate

START = datetime(2026, 1, 1, tzinfo=UTC)
OLD, NEWER = "2020-08-27", "2022-11-15"
Json = dict[str, Any]


@cache
def year(version: str) -> Year:
    return simulate(seed=7, customers=60, start=START, api_version=version)


def told(version: str, type_: str) -> list[Json]:
    """The objects of the events of one type."""
    return [each["data"]["object"] for each in year(version).events if each["type"] == type_]


@pytest.mark.parametrize("version", [OLD, NEWER])
def test_an_invoice_names_its_payment_and_subscription(version: str) -> None:
    intents = {each["id"]: each for each in told(version, "payment_intent.succeeded")}
    invoices = told(version, "invoice.paid")
    linked = [each for each in invoices if each["payment_intent"] in intents]
    assert linked
    for each in linked:
        assert intents[each["payment_intent"]]["invoice"] == each["id"]
        assert each["charge"]
        assert each["paid"]
    assert any(each["subscription"] for each in invoices)
    assert not any("parent" in each or "total_taxes" in each for each in invoices)


def test_money_from_outside_is_not_in_the_amount_paid() -> None:
    cheques = [each for each in told(NEWER, "invoice.paid") if each["paid_out_of_band"]]
    assert cheques
    assert all(each["amount_paid"] == 0 < each["amount_due"] for each in cheques)


def test_a_line_has_its_whole_price_and_plan() -> None:
    lines = [line for each in told(NEWER, "invoice.paid") for line in each["lines"]["data"]]
    assert {line["type"] for line in lines} == {"invoiceitem", "subscription"}
    for line in lines:
        assert line["price"]["object"] == "price"
        assert not line.keys() & {"parent", "pricing", "taxes", "quantity_decimal"}


def test_a_subscription_has_the_period_of_its_item() -> None:
    for version in (OLD, NEWER, "2025-03-31.basil"):
        for each in told(version, "customer.subscription.created"):
            item = each["items"]["data"][0]
            place = each if version < "2025" else item
            assert place["current_period_start"] < place["current_period_end"]
            assert ("current_period_end" in each) != ("current_period_end" in item)


def test_refunds_are_in_their_charge_then_nowhere_then_events_of_their_own() -> None:
    inside = [each["refunds"]["data"] for each in told(OLD, "charge.refunded")]
    assert inside
    assert all(
        sum(one["amount"] for one in refunds if one["status"] != "failed") > 0 for refunds in inside
    )
    assert not any("refunds" in each for each in told(NEWER, "charge.refunded"))
    assert [len(told(version, "refund.created")) > 0 for version in (OLD, NEWER)] == [False, False]
    assert told("2025-03-31.basil", "refund.created")


def test_a_payment_intent_holds_its_charges_then_names_the_last() -> None:
    for each in told(OLD, "payment_intent.succeeded"):
        assert each["charges"]["data"][0]["payment_intent"] == each["id"]
        assert "latest_charge" not in each
    assert all(each["latest_charge"] for each in told(NEWER, "payment_intent.succeeded"))


def test_what_changed_is_told_in_the_shape_of_the_version() -> None:
    renewed = [
        event["data"]["previous_attributes"]
        for event in year(NEWER).events
        if event["type"] == "customer.subscription.updated"
    ]
    assert any("current_period_end" in previous for previous in renewed)
