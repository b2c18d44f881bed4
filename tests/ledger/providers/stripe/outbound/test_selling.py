"""Cards, payments, prices and sessions: what Stripe is asked, and what its answers say."""

from __future__ import annotations

import pytest

from ledger.money import Money
from ledger.providers.outbound import (
    Card,
    Destination,
    NewPayment,
    NewPrice,
    NewSession,
    OpenSetup,
    PricePackage,
)
from ledger.providers.problems import ProviderBadRequest, ProviderNotFound
from tests.ledger.providers.stripe.outbound.objects import Json, card, page, price
from tests.ledger.providers.stripe.outbound.scripted import Script

USD5 = Money(500, "usd")
DIVIDED = price(transform_quantity={"divide_by": 50, "round": "up"})
SAID = price(metadata={"units": "50"})


def intent(status: str) -> Json:
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "status": status,
        "amount": 500,
        "currency": "usd",
        "client_secret": "s",
        "metadata": {"user_id": "ann"},
    }


def test_the_default_card_comes_first_whatever_the_page_it_is_on(stripe: Script) -> None:
    default = {"invoice_settings": {"default_payment_method": "pm_3"}}
    stripe.then(200, {"id": "cus_1", "object": "customer", **default})
    stripe.then(200, page(card("pm_1"), card("pm_2"), more=True))
    stripe.then(200, page(card("pm_3")))

    cards = stripe.outbound().cards("cus_1")

    assert [each.id for each in cards] == ["pm_3", "pm_1", "pm_2"]
    assert cards[0] == Card("pm_3", "visa", "4242", "2030-04", is_default=True)
    assert "&starting_after=pm_2&" in stripe.asked[2].path


def test_a_deleted_customer_has_no_cards(stripe: Script) -> None:
    stripe.then(200, {"id": "cus_1", "object": "customer", "deleted": True})

    with pytest.raises(ProviderNotFound):
        stripe.outbound().cards("cus_1")


@pytest.mark.parametrize(("status", "card_id"), [("requires_action", None), ("succeeded", "pm_1")])
def test_a_card_is_there_once_it_is_saved(status: str, card_id: str | None, stripe: Script) -> None:
    told = {"id": "seti_1", "object": "setup_intent", "client_secret": "s"}
    stripe.then(200, told | {"status": status, "payment_method": "pm_1"})

    assert stripe.outbound().setup("seti_1") == OpenSetup("seti_1", status, "s", card_id)


def test_a_new_card_also_pays_for_subscriptions_that_had_their_own(stripe: Script) -> None:
    def bills(id_: str, status: str, own: str | None) -> Json:
        return {"id": id_, "object": "sub", "status": status, "default_payment_method": own}

    stripe.then(200, {"id": "cus_1", "object": "customer"})
    stripe.then(
        200,
        page(
            bills("sub_own", "past_due", "pm_1"),
            bills("sub_none", "active", None),
            bills("sub_same", "active", "pm_2"),
            bills("sub_over", "incomplete_expired", "pm_1"),
        ),
    )
    stripe.then(200, {"id": "sub_own", "object": "subscription"})

    stripe.outbound().use_card("key", "cus_1", "pm_2")

    customer, _, own = stripe.asked
    assert customer.form == {"invoice_settings[default_payment_method]": "pm_2"}
    assert (own.path, own.key) == ("/v1/subscriptions/sub_own", "key:sub_own")
    assert own.form == {"default_payment_method": "pm_2"}


def test_a_payment_is_passed_on_and_its_card_kept_only_when_asked(stripe: Script) -> None:
    plain = NewPayment("cus_1", USD5, "A path", {"user_id": "ann"})
    rich = NewPayment("cus_1", USD5, "A path", {}, Destination("acct_9", 50), keep_card=True)
    for new in (plain, rich):
        stripe.then(200, intent("requires_payment_method"))
        stripe.outbound().open_payment("key", new)

    first, second = (asked.form for asked in stripe.asked)
    assert first == {
        "amount": "500",
        "currency": "usd",
        "customer": "cus_1",
        "description": "A path",
        "metadata[user_id]": "ann",
    }
    assert second["setup_future_usage"] == "off_session"
    assert second["transfer_data[destination]"] == "acct_9"
    assert second["application_fee_amount"] == "50"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("requires_confirmation", "requires_payment_method"),
        ("requires_action", "requires_action"),
        ("requires_capture", "processing"),
        ("succeeded", "succeeded"),
        ("canceled", "canceled"),
        ("a_status_of_2030", "processing"),
    ],
)
def test_a_payment_is_in_a_state_of_ours(status: str, state: str, stripe: Script) -> None:
    stripe.then(200, intent(status))

    found = stripe.outbound().payment("pi_1")

    assert (found.state, found.amount, found.metadata) == (state, USD5, {"user_id": "ann"})


def test_a_price_takes_its_name_over_from_an_older_one(stripe: Script) -> None:
    stripe.then(200, price())
    new = NewPrice("prod_1", USD5, "month", "Basic", {"feature": "basic"}, lookup_key="basic")

    assert stripe.outbound().create_price("key", new) == "price_50"

    [asked] = stripe.asked
    assert asked.form == {
        "product": "prod_1",
        "currency": "usd",
        "unit_amount": "500",
        "recurring[interval]": "month",
        "nickname": "Basic",
        "metadata[feature]": "basic",
        "lookup_key": "basic",
        "transfer_lookup_key": "true",
    }


def test_packages_are_told_by_stripe_or_by_metadata_the_cheapest_first(stripe: Script) -> None:
    stripe.then(
        200,
        page(
            SAID | {"id": "price_dear", "unit_amount": 5000},
            DIVIDED,
            price(id="price_single"),
            price(id="price_odd", metadata={"units": "fifty"}),
            SAID | {"id": "price_tiered", "unit_amount": None},
        ),
    )

    assert stripe.outbound().packages("prod_1") == [
        PricePackage("price_50", USD5, 50, "50 credits"),
        PricePackage("price_dear", Money(5000, "usd"), 50, "50 credits"),
    ]
    [asked] = stripe.asked
    assert "active=true" in asked.path
    assert "type=one_time" in asked.path


@pytest.mark.parametrize(
    ("told", "quantity"), [(DIVIDED, "100"), (SAID, "2"), (price(), "100")], ids=str
)
def test_a_session_is_for_the_units_whoever_counts_them(
    told: Json, quantity: str, stripe: Script
) -> None:
    stripe.then(200, told)
    stripe.then(200, {"id": "cs_1", "object": "x", "status": "open", "client_secret": "s"})
    new = NewSession("cus_1", "price_50", 100, {"credits": "100"}, "ann", "https://app.test/done")

    assert stripe.outbound().open_session("key", new).client_secret == "s"

    _, asked = stripe.asked
    assert asked.form == {
        "mode": "payment",
        "customer": "cus_1",
        "client_reference_id": "ann",
        "line_items[0][price]": "price_50",
        "line_items[0][quantity]": quantity,
        "metadata[credits]": "100",
        "payment_intent_data[metadata][credits]": "100",
        "return_url": "https://app.test/done",
        "ui_mode": "embedded_page",
    }


def test_a_hosted_session_has_an_address_to_go_to(stripe: Script) -> None:
    stripe.then(200, DIVIDED)
    stripe.then(200, {"id": "cs_1", "object": "x", "status": "open", "url": "https://pay.test/1"})
    new = NewSession("cus_1", "price_50", 50, {}, "ann", "https://app.test/done", hosted=True)

    assert stripe.outbound().open_session("key", new).url == "https://pay.test/1"

    form = stripe.asked[1].form
    assert (form["ui_mode"], form["success_url"], form["cancel_url"]) == (
        "hosted_page",
        "https://app.test/done",
        "https://app.test/done",
    )


@pytest.mark.parametrize("told", [DIVIDED, SAID], ids=["by Stripe", "by metadata"])
def test_a_part_of_a_package_is_not_sold(told: Json, stripe: Script) -> None:
    stripe.then(200, told)
    new = NewSession("cus_1", "price_50", 60, {}, "ann", "https://app.test/done")

    with pytest.raises(ProviderBadRequest, match="whole packages of 50"):
        stripe.outbound().open_session("key", new)

    assert len(stripe.asked) == 1
