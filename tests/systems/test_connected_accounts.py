"""Payments for named groups go to connected accounts: passed on, or made in these accounts."""

from __future__ import annotations

from tests.systems.calling import Json
from tests.systems.customers import VISA, Customer
from tests.systems.installation import Installation

ACCOUNT, OTHER = "acct_of_a_group", "acct_of_another"
PRICE = {"minor": 4900, "currency": "usd"}


def test_a_payment_for_a_group_is_passed_on_and_stays_the_platforms_own(
    house: Installation, ann: Customer
) -> None:
    group_id = house.new_id("g")
    terms = {"name": "Choir", "premium": "one_time", "price": PRICE, "destination": ACCOUNT}
    house.call(f"PUT catalog/groups/{group_id}", terms)

    payment = ann.call(f"POST groups/{group_id}/payment")["payment"]
    ann.pays(payment["client_secret"])
    house.settle()

    intent = house.at_stripe(f"GET /v1/payment_intents/{payment['id']}")
    assert intent["transfer_data"]["destination"] == ACCOUNT
    assert ann.may_use(f"group:{group_id}")
    [row] = ann.finance("purchases")
    assert (row["purchase_id"], row["account"], row["status"]) == (payment["id"], "", "paid")


def test_a_membership_that_recurs_is_passed_on_with_each_bill(
    house: Installation, ann: Customer
) -> None:
    group_id, monthly = house.new_id("g"), {"price": PRICE, "interval": "month"}
    terms = {"name": "Choir", "premium": "recurring", **monthly, "destination": ACCOUNT}
    house.call(f"PUT catalog/groups/{group_id}", terms)

    joined = ann.call(f"POST groups/{group_id}/subscription", {"cart_id": house.new_id("cart")})
    ann.pays(joined["client_secret"])
    house.settle()

    made = house.at_stripe(f"GET /v1/subscriptions/{joined['id']}")
    assert made["transfer_data"]["destination"] == ACCOUNT
    assert ann.may_use(f"group:{group_id}")
    assert [row["account"] for row in ann.finance("subscriptions")] == [""]


def test_what_happens_in_connected_accounts_is_never_mixed_with_others(
    house: Installation, ann: Customer
) -> None:
    bought = {each: made_in(house, each, ann.user_id) for each in (ACCOUNT, OTHER)}
    house.settle()

    rows = ann.finance("purchases")
    found = {row["account"]: (row["purchase_id"], row["status"]) for row in rows}
    assert found == {each: (bought[each], "paid") for each in bought}
    assert {row["account"] for row in ann.finance("entitlements")} == {ACCOUNT, OTHER}
    assert {row["account"] for row in ann.finance("paid_invoices")} == {ACCOUNT, OTHER}
    balances = {row["account"]: row["available"] for row in ann.finance("balances")}
    assert balances == {ACCOUNT: 10, OTHER: 10}
    assert ann.rows("purchases") == ann.rows("entitlements") == []  # the platform sold nothing
    assert (ann.may_use("learning_path:direct"), ann.balance) == (False, 0)


def made_in(house: Installation, account: str, user_id: str) -> str:
    """A payment made in a connected account itself."""
    metadata: Json = {
        "platform": "LEAD",
        "user_id": user_id,
        "learning_path_id": "direct",
        "credits": "10",
    }
    intent = house.at_stripe(
        "POST /v1/payment_intents",
        account,
        amount=4900,
        currency="usd",
        metadata=metadata,
        payment_method=VISA,
        confirm=True,
    )
    return str(intent["id"])
