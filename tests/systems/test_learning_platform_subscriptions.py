"""A learning platform sells products by subscription, and memberships of groups."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.systems.calling import Json
from tests.systems.customers import DECLINED_LATER, Customer
from tests.systems.installation import Installation

FEE = {"minor": 900, "currency": "usd"}
MONTHLY = {"price": FEE, "interval": "month"}
GRACE_DAYS = 7


@pytest.fixture
def product_id(house: Installation) -> str:
    """Something to subscribe to and save, for 9 dollars a month each."""
    product_id = house.new_id("coffee")
    house.call(f"PUT catalog/plans/{product_id}", {"name": "Coffee", **MONTHLY})
    return product_id


@pytest.fixture
def group_id(house: Installation) -> str:
    """A group whose membership is 9 dollars a month."""
    group_id = house.new_id("club")
    terms = {"name": 'The "Club"', "premium": "recurring", **MONTHLY}
    house.call(f"PUT catalog/groups/{group_id}", terms)
    return group_id


# ---- what is made at Stripe ----------------------------------------------------------------------


def test_a_group_that_recurs_gets_one_product_and_price_with_its_texts(
    house: Installation, group_id: str
) -> None:
    terms = {"name": 'The "Club"', "premium": "recurring", **MONTHLY}

    offered = [house.call(f"PUT catalog/groups/{group_id}", terms) for _ in range(3)][-1]

    product = house.at_stripe(f"GET /v1/products/{offered['product_id']}")
    assert product["name"] == 'Group - The "Club"'
    expected = 'Product for "The "Club"" Group on LEAD (https://lead.example)'
    assert product["description"] == expected
    assert product["metadata"] == {"group_id": group_id}
    [price] = house.at_stripe("GET /v1/prices", product=product["id"])["data"]
    assert price["id"] == offered["price_id"]
    assert (price["unit_amount"], price["recurring"]["interval"]) == (900, "month")
    assert price["nickname"] == 'Price for The "Club" Group on LEAD (https://lead.example)'
    assert price["metadata"] == {"group_id": group_id}


def test_a_group_that_is_renamed_is_called_so_at_stripe(house: Installation, group_id: str) -> None:
    terms = {"name": "Circle", "premium": "recurring", **MONTHLY}

    offered = [house.call(f"PUT catalog/groups/{group_id}", terms) for _ in range(2)][-1]

    product = house.at_stripe(f"GET /v1/products/{offered['product_id']}")
    assert product["name"] == "Group - Circle"
    assert product["description"] == 'Product for "Circle" Group on LEAD (https://lead.example)'
    [price] = house.at_stripe("GET /v1/prices", product=product["id"])["data"]
    assert price["nickname"] == "Price for Circle Group on LEAD (https://lead.example)"


def test_a_group_that_costs_more_from_now_on_keeps_its_product_and_gets_another_price(
    house: Installation, ann: Customer, group_id: str
) -> None:
    joined = joins(ann, group_id)
    terms = {"name": 'The "Club"', "premium": "recurring", **MONTHLY}
    before = house.call(f"PUT catalog/groups/{group_id}", terms)

    dearer = {**terms, "price": {**FEE, "minor": 1900}}
    after = house.call(f"PUT catalog/groups/{group_id}", dearer)

    assert after["product_id"] == before["product_id"]
    assert after["price_id"] != before["price_id"]
    assert house.at_stripe(f"GET /v1/prices/{after['price_id']}")["unit_amount"] == 1900
    kept = house.at_stripe(f"GET /v1/subscriptions/{joined['id']}")
    assert kept["items"]["data"][0]["price"]["id"] == before["price_id"]


def test_a_product_is_subscribed_to_with_a_saved_card_in_some_quantity(
    house: Installation, ann: Customer, product_id: str
) -> None:
    customer, card = ann.registers()["provider_customer_id"], ann.saves_card()

    body = {"plan_id": product_id, "quantity": 3, "card_id": card}
    subscribed = ann.call("POST subscriptions", body)
    house.settle()

    made = house.at_stripe(f"GET /v1/subscriptions/{subscribed['id']}")
    [item] = made["items"]["data"]
    assert (made["customer"], made["default_payment_method"]) == (customer, card)
    assert (item["price"]["unit_amount"], item["quantity"]) == (900, 3)
    assert item["price"]["recurring"]["interval"] == "month"
    assert house.at_stripe(f"GET /v1/payment_methods/{card}")["customer"] == customer
    [seen] = ann.rows("subscriptions")
    assert (seen["subscription_id"], seen["status"], seen["quantity"]) == (made["id"], "active", 3)
    assert ann.may_use(f"plan:{product_id}")
    [row] = ann.finance("paid_invoices")
    assert row["amount_paid_minor"] == 2700


# ---- what is tracked, and when it counts ---------------------------------------------------------


def test_a_recurring_membership_is_tracked_when_made_and_paid_when_its_first_bill_is(
    house: Installation, ann: Customer, group_id: str
) -> None:
    cart_id = house.new_id("cart")
    joined = ann.call(f"POST groups/{group_id}/subscription", {"cart_id": cart_id})
    house.settle()
    [before] = ann.rows("group-registrations")
    assert (before["cart_id"], before["status"]) == (cart_id, "pending")
    assert ann.rows("subscriptions")[0]["status"] == "incomplete"
    assert not ann.may_use(f"group:{group_id}")

    ann.pays(joined["client_secret"])
    house.settle()

    assert house.at_stripe(f"GET /v1/subscriptions/{joined['id']}")["metadata"] == {
        "cart_id": cart_id,
        "group_id": group_id,
        "platform": "LEAD",
        "user_id": ann.user_id,
    }
    [seen] = ann.rows("subscriptions")
    assert (seen["status"], seen["cart_id"]) == ("active", cart_id)
    assert ann.may_use(f"group:{group_id}")
    query = "SELECT * FROM finance.group_registrations WHERE cart_id = %s"
    [row] = house.finance(query, cart_id)
    assert (row["status"], row["customer_id"]) == ("paid", ann.user_id)
    assert row["paid_at"] is not None


def test_a_renewal_that_is_paid_extends_access_and_one_that_is_not_ends_it_after_grace(
    house: Installation, ann: Customer, group_id: str
) -> None:
    joins(ann, group_id)
    first = paid_until(ann)
    house.days_pass(32)
    second = paid_until(ann)
    assert 27 < (second - first).days < 32
    assert ann.may_use(f"group:{group_id}")

    ann.saves_card(DECLINED_LATER)
    days_left = (second - house.now()).total_seconds() / 86_400
    house.days_pass(days_left + 1)

    assert paid_until(ann) == second
    assert ann.may_use(f"group:{group_id}")  # in grace
    house.days_pass(GRACE_DAYS)
    assert not ann.may_use(f"group:{group_id}")


def test_a_quantity_that_is_changed_is_billed_and_shown(
    house: Installation, ann: Customer, product_id: str
) -> None:
    body = {"plan_id": product_id, "card_id": ann.saves_card()}
    subscribed = ann.call("POST subscriptions", body)

    changed = ann.call("PUT plan", {"plan_id": product_id, "quantity": 4})
    house.settle()

    assert (changed["id"], changed["quantity"]) == (subscribed["id"], 4)
    [seen] = ann.rows("subscriptions")
    assert seen["quantity"] == 4
    paid = ann.finance("paid_invoices")
    assert sum(row["amount_paid_minor"] for row in paid) == 4 * 900
    assert ann.may_use(f"plan:{product_id}")


@pytest.mark.parametrize("kind", ["product", "group"])
def test_a_cancellation_at_the_end_of_the_period_keeps_access_until_then(
    house: Installation, ann: Customer, product_id: str, group_id: str, kind: str
) -> None:
    subscribed = joins(ann, group_id) if kind == "group" else takes(ann, product_id)
    feature = f"group:{group_id}" if kind == "group" else f"plan:{product_id}"
    ends = paid_until(ann)

    ann.call(f"POST subscriptions/{subscribed['id']}/cancel", {"at_period_end": True})
    house.settle()
    house.days_pass((ends - house.now()).total_seconds() / 86_400 - 1)
    until_the_end = ann.may_use(feature)
    house.days_pass(1.1)

    assert (until_the_end, ann.may_use(feature)) == (True, False)
    assert ann.rows("subscriptions")[0]["ended_at"] is not None


def test_a_cancellation_that_is_taken_back_changes_nothing(
    house: Installation, ann: Customer, group_id: str
) -> None:
    path = f"POST subscriptions/{joins(ann, group_id)['id']}"
    ann.call(f"{path}/cancel", {"at_period_end": True})
    ann.call(f"{path}/resume")
    house.days_pass(33)

    assert ann.may_use(f"group:{group_id}")
    assert ann.rows("subscriptions")[0]["status"] == "active"


def test_a_cancellation_at_once_ends_access_at_once(
    house: Installation, ann: Customer, group_id: str
) -> None:
    joined = joins(ann, group_id)

    ann.call(f"POST subscriptions/{joined['id']}/cancel", {"at_period_end": False})
    house.settle()

    assert not ann.may_use(f"group:{group_id}")
    query = "SELECT * FROM finance.entitlements WHERE source_id = %s"
    [row] = house.finance(query, joined["id"])
    assert row["ends_at"] is not None


def joins(ann: Customer, group_id: str) -> Json:
    """A membership whose first bill is paid in the page."""
    body = {"cart_id": ann.house.new_id("cart")}
    joined = ann.call(f"POST groups/{group_id}/subscription", body)
    ann.pays(joined["client_secret"])
    ann.house.settle()
    return joined


def takes(ann: Customer, product_id: str) -> Json:
    """A product, paid for by a saved card."""
    taken = ann.call("POST subscriptions", {"plan_id": product_id, "card_id": ann.saves_card()})
    ann.house.settle()
    return taken


def paid_until(ann: Customer) -> datetime:
    """Until when what they subscribe to is paid for."""
    [row] = ann.finance("entitlements")
    until: datetime = row["paid_until"]
    return until
