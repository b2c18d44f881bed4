"""Each of the four systems over HTTP: asked for, paid, told by webhook, and read back."""

from __future__ import annotations

from typing import Any

from tests.web.api.conformity import conforms
from tests.web.api.examples import LATER, USD
from tests.web.api.storefront import ANN, Storefront


def rows(shop: Storefront, name: str, path: str) -> list[dict[str, Any]]:
    """What a list has, with the customer's own token; as the document promises."""
    told = shop.told(f"GET {ANN}/{path}", auth=shop.api.token("ann"))
    conforms(name, told)
    listed: list[dict[str, Any]] = told["data"]
    return listed


def test_a_learning_path_is_unlocked_by_the_webhook_and_not_before(shop: Storefront) -> None:
    asked = f"GET {ANN}/access?feature=learning_path:7"
    payment = shop.told(f"POST {ANN}/learning-paths/7/payment")
    assert not shop.told(asked)["allowed"]

    shop.provider.pay(payment["id"])
    assert not shop.told(asked)["allowed"]  # the browser's word counts for nothing
    shop.deliver()

    assert shop.told(asked)["allowed"]
    [purchase] = rows(shop, "listPurchases", "purchases")
    assert (purchase["status"], purchase["paid_minor"]) == ("paid", 500)
    assert purchase["description"] == "LEAD - Premium Learning Path - Python (ID 7)"
    receipts = rows(shop, "listReceipts", "receipts")
    assert {row["amount_paid_minor"] for row in receipts} == {500, 0}  # the free plan has one too
    given = {row["feature"]: row for row in rows(shop, "listEntitlements", "entitlements")}
    assert given["learning_path:7"]["source_id"] == payment["id"]


def test_a_group_is_registered_with_once_its_first_bill_is_paid(shop: Storefront) -> None:
    subscription = shop.told(f"POST {ANN}/groups/3/subscription", {"cart_id": "cart-1"})
    shop.deliver()
    [before] = rows(shop, "listRegistrations", "group-registrations") or [{"status": "pending"}]

    shop.provider.pay_bill(subscription["id"])
    shop.deliver()

    [after] = rows(shop, "listRegistrations", "group-registrations")
    assert (before["status"], after["cart_id"]) == ("pending", "cart-1")
    assert after["paid_at"] is not None
    listed = rows(shop, "listSubscriptions", "subscriptions")
    assert subscription["id"] in [row["subscription_id"] for row in listed]


def test_charges_and_their_payment_are_seen_as_they_stand(shop: Storefront) -> None:
    charge = {"amount": USD, "description": "fee", "due_at": LATER}
    shop.told(f"PUT {ANN}/charges/c1", charge)
    payment = shop.told(f"POST {ANN}/account-payment", {})["payment"]
    shop.deliver()
    pending = rows(shop, "listAccountPayments", "account-payments")
    owed = rows(shop, "listCharges", "charges")

    shop.provider.pay(payment["id"])
    shop.deliver()

    assert [(row["status"], row["charge_ids"]) for row in pending] == [("pending", ["c1"])]
    assert [(row["charge_id"], row["status"]) for row in owed] == [("c1", "open")]
    [paid] = rows(shop, "listAccountPayments", "account-payments")
    assert (paid["status"], paid["purchase_id"]) == ("paid", payment["id"])
    assert rows(shop, "listCharges", "charges")[0]["status"] == "paid"
    assert shop.told(f"GET {ANN}/payable") == {"past_due": None, "all_due": None}


def test_a_person_says_which_charges_money_pays_that_fits_no_more(shop: Storefront) -> None:
    charge = {"amount": USD, "description": "fee", "due_at": LATER}
    shop.told(f"PUT {ANN}/charges/c1", charge)
    payment = shop.told(f"POST {ANN}/account-payment", {})["payment"]
    shop.told(f"DELETE {ANN}/charges/c1")
    shop.told(f"PUT {ANN}/charges/c2", charge)
    shop.provider.pay(payment["id"])
    shop.deliver()
    [before] = rows(shop, "listAccountPayments", "account-payments")
    call = f"PUT {ANN}/account-payments/{payment['id']}/charges"

    shop.told(call, {"charge_ids": ["c2"]})
    shop.deliver()

    assert before["status"] == "mismatched"
    [after] = rows(shop, "listAccountPayments", "account-payments")
    assert (after["status"], after["charge_ids"]) == ("paid", ["c2"])
    paid = {row["charge_id"]: row["status"] for row in rows(shop, "listCharges", "charges")}
    assert paid == {"c1": "waived", "c2": "paid"}
    unknown = f"PUT {ANN}/account-payments/pi_nobody/charges"
    assert shop.refused(unknown, {"charge_ids": ["c2"]}) == (404, "UnknownPayment")


def test_the_plan_is_seen_change_by_change_and_one_at_a_time(shop: Storefront) -> None:
    body = {"plan_id": "pro", "card_id": shop.saved_card()}
    shop.deliver()
    shop.provider.at += 60
    shop.told(f"PUT {ANN}/plan", body)
    shop.deliver()

    periods = rows(shop, "listPlanPeriods", "plan-periods")

    assert [row["plan_id"] for row in periods] == ["pro", "starter"]
    assert periods[0]["held_until"] is None
    assert periods[0]["held_from"] == periods[1]["held_until"]


def test_what_is_for_sale_is_listed(shop: Storefront) -> None:
    shop.deliver()

    told = shop.told("GET /v1/catalog", auth=shop.api.token())

    conforms("listCatalog", told)
    assert [(row["kind"], row["offering_id"]) for row in told["data"]] == [
        *(("group", "3"), ("group", "4"), ("group", "5"), ("learning_path", "7")),
        *(("plan", "pro"), ("plan", "starter")),
    ]


def test_a_list_is_given_page_by_page_and_a_new_row_moves_no_other(shop: Storefront) -> None:
    for number in (1, 2, 4, 5):
        due = {"amount": USD, "description": "Fee", "due_at": f"2026-10-0{number}T00:00:00Z"}
        shop.told(f"PUT {ANN}/charges/c{number}", due)
    shop.deliver()

    first = shop.told(f"GET {ANN}/charges?limit=2")
    late = {"amount": USD, "description": "Fee", "due_at": "2026-09-30T00:00:00Z"}
    shop.told(f"PUT {ANN}/charges/c0", late)
    shop.deliver()
    second = shop.told(f"GET {ANN}/charges?limit=2&after={first['next']}")
    whole = shop.told(f"GET {ANN}/charges", auth=shop.api.token("ann"))

    conforms("listCharges", second)
    pages = [[row["charge_id"] for row in each["data"]] for each in (first, second, whole)]
    assert pages == [["c1", "c2"], ["c4", "c5"], ["c0", "c1", "c2", "c4", "c5"]]
    assert (second["next"], whole["next"]) == (None, None)


def test_all_pages_together_are_the_list(shop: Storefront) -> None:
    shop.deliver()
    whole = shop.told("GET /v1/catalog")["data"]

    found, after = [], ""
    for _ in whole:
        page = shop.told(f"GET /v1/catalog?limit=1{after}")
        found += page["data"]
        after = f"&after={page['next']}"

    assert found == whole
    assert page["next"] is None


def test_a_cursor_of_no_row_and_a_page_of_no_size_are_refused(shop: Storefront) -> None:
    for asked in ("after=c9", "limit=0", "limit=501", "limit=x", "after="):
        assert shop.refused(f"GET {ANN}/charges?{asked}") == (422, "Invalid")


def test_what_is_given_by_hand_is_there_until_it_is_withdrawn(shop: Storefront) -> None:
    asked = f"GET {ANN}/access?feature=plan:gold"
    shop.told(f"PUT {ANN}/grants/g1", {"features": ["plan:gold"], "reason": "a friend"})
    shop.deliver()
    given = shop.told(asked)["allowed"]

    shop.told(f"DELETE {ANN}/grants/g1")
    shop.deliver()

    assert (given, shop.told(asked)["allowed"]) == (True, False)
