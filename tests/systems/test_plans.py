"""Plans: free from sign-up, upgraded with a card, downgraded, and one at any instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.systems.calling import Json
from tests.systems.customers import DECLINED_LATER, Customer
from tests.systems.installation import Installation
from tests.systems.plans import (
    STARTER,
    TO_PREMIUM,
    TO_STARTER,
    active,
    held,
    may,
    offers,
    subscriptions,
    upgraded,
)


@pytest.fixture(scope="module", autouse=True)
def premium(house: Installation) -> Json:
    """For 19 dollars a month, beside the free plan everybody starts with and a dearer one."""
    offers(house, "starter", 0)
    offers(house, "team", 4900)
    return offers(house, "premium", 1900)


# ---- sign-up -------------------------------------------------------------------------------------


def test_signing_up_makes_a_customer_on_the_free_starter_plan(
    house: Installation, nobody: Customer
) -> None:
    registered = nobody.registers()
    house.settle()

    assert nobody.registers() == registered
    [subscription] = subscriptions(nobody)
    assert subscription["id"] == registered["starter_subscription_id"]
    assert subscription["customer"] == registered["provider_customer_id"]
    [item] = subscription["items"]["data"]
    assert (item["price"]["unit_amount"], item["price"]["recurring"]["interval"]) == (0, "month")
    assert subscription["status"] == "active"
    assert may(nobody) == (True, False)
    assert held(nobody) == [("starter", True)]


def test_the_free_plan_goes_on_month_after_month_without_a_card(
    house: Installation, ann: Customer
) -> None:
    house.days_pass(65)

    assert may(ann) == (True, False)
    assert held(ann) == [("starter", True)]
    assert {row["amount_paid_minor"] for row in ann.finance("paid_invoices")} == {0}


# ---- upgrade -------------------------------------------------------------------------------------


def test_an_upgrade_with_a_saved_card_changes_the_plan_and_leaves_the_card_alone(
    house: Installation, ann: Customer
) -> None:
    card = ann.saves_card()
    before = ann.call("GET cards")

    changed = ann.call("PUT plan", TO_PREMIUM)
    house.settle()

    assert ann.call("GET cards") == before
    assert [each["id"] for each in before["data"]] == [card]
    [subscription] = subscriptions(ann)
    assert subscription["id"] == changed["id"]
    assert subscription["items"]["data"][0]["price"]["unit_amount"] == 1900
    assert may(ann) == (False, True)
    assert 1900 in {row["amount_paid_minor"] for row in ann.finance("paid_invoices")}


def test_without_a_card_one_is_asked_for_and_then_saved_and_the_plan_changed(
    house: Installation, ann: Customer
) -> None:
    house.settle()
    assert ann.refused("PUT plan", TO_PREMIUM) == (402, "CardNeeded")
    assert held(ann) == [("starter", True)]

    setup = ann.call("POST card-setups", {}, key="entering")
    ann.pays(setup["client_secret"])  # in the page: nothing is paid, the card is saved
    card = ann.call(f"POST card-setups/{setup['id']}/use")
    ann.call("PUT plan", TO_PREMIUM)
    house.settle()

    customer = house.at_stripe(f"GET /v1/customers/{ann.registers()['provider_customer_id']}")
    assert customer["invoice_settings"]["default_payment_method"] == card["id"]
    assert [each["id"] for each in ann.call("GET cards")["data"]] == [card["id"]]
    assert may(ann) == (False, True)


def test_an_upgrade_that_is_declined_leaves_the_plan_as_it_was(
    house: Installation, ann: Customer
) -> None:
    ann.saves_card(DECLINED_LATER)

    assert ann.refused("PUT plan", TO_PREMIUM) == (402, "CardDeclined")
    house.settle()

    assert may(ann) == (True, False)
    assert held(ann) == [("starter", True)]
    assert [each["status"] for each in subscriptions(ann)] == ["active"]


def test_an_upgrade_counts_once_its_webhook_is_in(house: Installation, ann: Customer) -> None:
    ann.saves_card()
    house.settle()

    ann.call("PUT plan", TO_PREMIUM)
    house.arrive()
    before = may(ann)
    house.settle()

    assert (before, may(ann)) == ((True, False), (False, True))


# ---- one at any instant --------------------------------------------------------------------------


def test_an_upgrade_ends_the_plan_before_it_at_that_instant(
    house: Installation, ann: Customer
) -> None:
    house.days_pass(3)
    upgraded(ann)
    house.days_pass(3)
    ann.call("PUT plan", {"plan_id": "team"})
    house.settle()

    periods = sorted(ann.finance("plan_periods"), key=lambda row: row["held_from"])
    assert [row["plan_id"] for row in periods] == ["starter", "premium", "team"]
    ends = [row["held_until"] for row in periods]
    assert ends == [periods[1]["held_from"], periods[2]["held_from"], None]
    assert active(ann) == ["plan:team"]


def test_nobody_ever_had_two_plans_at_once_not_even_by_a_subscription_staff_made_beside_it(
    house: Installation, ann: Customer
) -> None:
    house.days_pass(1)
    upgraded(ann)
    house.days_pass(1)
    [own] = subscriptions(ann)
    same = {"customer": own["customer"], "metadata": own["metadata"]}
    price = offers(house, "team", 4900)["price_id"]
    house.at_stripe("POST /v1/subscriptions", **same, items=[{"price": price}])
    house.settle()

    assert held(ann) == [("starter", False), ("premium", False), ("team", True)]
    assert (
        house.finance(
            "SELECT a.customer_id FROM finance.plan_periods a JOIN finance.plan_periods b"
            " ON a.customer_id = b.customer_id AND a.account = b.account"
            " AND (a.held_from, a.subscription_id) < (b.held_from, b.subscription_id)"
            " AND tstzrange(a.held_from, a.held_until) && tstzrange(b.held_from, b.held_until)"
        )
        == []
    )


@pytest.mark.parametrize("lost", [0, 1])
def test_clicking_upgrade_twice_makes_one_subscription_and_one_bill(
    house: Installation, ann: Customer, lost: int
) -> None:
    """Also when Stripe's answer to the first click never arrives."""
    ann.saves_card()
    with house.mishaps(lost=lost), ThreadPoolExecutor(4) as pool:
        clicks = [pool.submit(ann.call, "PUT plan", TO_PREMIUM) for _ in range(4)]
        errors = [click.exception() for click in clicks]
    again = ann.call("PUT plan", TO_PREMIUM)
    house.settle()

    assert {click.result()["id"] for click in clicks if not click.exception()} <= {again["id"]}
    assert sum(error is not None for error in errors) <= lost
    assert [each["id"] for each in subscriptions(ann)] == [again["id"]]
    bills = [row["amount_paid_minor"] for row in ann.finance("paid_invoices")]
    assert sorted(bills) == [0, 1900]
    assert may(ann) == (False, True)


@pytest.mark.parametrize("lost", [0, 1])
def test_clicking_subscribe_twice_makes_one_subscription_where_there_was_none(
    house: Installation, ann: Customer, lost: int
) -> None:
    ann.saves_card()
    [starter] = subscriptions(ann)
    ann.call(f"POST subscriptions/{starter['id']}/cancel", {"at_period_end": False})

    with house.mishaps(lost=lost), ThreadPoolExecutor(4) as pool:
        clicks = [pool.submit(ann.call, "PUT plan", TO_PREMIUM) for _ in range(4)]
        [click.exception() for click in clicks]
    again = ann.call("PUT plan", TO_PREMIUM)
    house.settle()

    made = [each["id"] for each in subscriptions(ann) if each["id"] != starter["id"]]
    assert made == [again["id"]]
    assert may(ann) == (False, True)


# ---- downgrade -----------------------------------------------------------------------------------


def test_a_downgrade_credits_unused_time_and_the_next_cycle_is_not_billed(
    house: Installation, ann: Customer
) -> None:
    house.days_pass(1)
    before = upgraded(ann)
    house.days_pass(10)

    preview = ann.call("GET plan/preview?plan_id=starter")
    changed = ann.call("PUT plan", TO_STARTER)
    house.settle()

    assert changed["id"] == before["id"]
    assert any(line["minor"] < 0 for line in preview["lines"])
    assert preview["due_minor"] == 0
    customer = house.at_stripe(f"GET /v1/customers/{ann.registers()['provider_customer_id']}")
    assert -1900 < customer["balance"] < -1000  # two thirds of a month or so
    assert preview["kept_minor"] == -customer["balance"]
    again = ann.call("GET plan/preview?plan_id=premium")
    assert again["used_minor"] == -customer["balance"]
    assert again["due_minor"] == 1900 + customer["balance"]
    assert may(ann) == (True, False)
    assert held(ann) == [("starter", False), ("premium", False), ("starter", True)]

    house.days_pass(65)
    bills = {row["amount_paid_minor"] for row in ann.finance("paid_invoices")}
    assert bills == {0, 1900}
    assert len([row for row in ann.finance("invoices") if row["due_minor"] > 0]) == 1
    assert active(ann) == [STARTER]
    assert may(ann) == (True, False)
