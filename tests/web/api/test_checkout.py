"""Each of checkout's commands over HTTP: what is asked, what is answered, and asked again."""

from __future__ import annotations

import pytest

from ledger.checkout.refusals import AlreadyBought
from tests.support.fake_provider import DECLINED
from tests.web.api.examples import LATER, USD
from tests.web.api.storefront import ANN, BOB, Storefront

# ---- registration, and what is paid once ---------------------------------------------------------


def test_registering_often_makes_one_customer_with_the_starter_plan(shop: Storefront) -> None:
    first, again = (shop.told(f"PUT {ANN}", {"email": "ann@example.org"}) for _ in range(2))

    assert first == again
    assert first["starter_subscription_id"].startswith("sub_")
    assert len(shop.provider.all("customer")) == 2


def test_a_learning_path_is_bought_by_one_payment(shop: Storefront) -> None:
    call = f"POST {ANN}/learning-paths/7/payment"

    first, again = shop.told(call), shop.told(call, auth=shop.api.token("ann"))

    assert first == again
    assert first == {
        "id": first["id"],
        "state": "requires_payment_method",
        "amount": USD,
        "client_secret": f"{first['id']}_secret",
    }
    shop.provider.pay(first["id"])
    response = shop.ask(call)
    assert (response.status_code, response.get_json(force=True)["title"]) == (
        *(409, AlreadyBought.__name__),
    )
    assert response.get_json(force=True)["payment_id"] == first["id"]


def test_a_group_is_bought_joined_or_not_on_offer(shop: Storefront) -> None:
    bought = shop.told(f"POST {ANN}/groups/4/payment")["payment"]

    assert bought["amount"] == USD
    assert shop.told(f"POST {ANN}/groups/5/payment") == {"payment": None}
    assert shop.refused(f"POST {ANN}/groups/3/payment") == (404, "NotOffered")
    assert shop.refused(f"POST {ANN}/groups/9/payment") == (404, "NotOffered")
    assert shop.refused("POST /v1/customers/eve/groups/4/payment") == (404, "NotRegistered")


def test_terms_that_contradict_themselves_are_refused(shop: Storefront) -> None:
    call = "PUT /v1/catalog/groups/6"

    for body in (
        {"name": "x", "premium": "recurring", "price": USD},
        {"name": "x", "premium": "one_time"},
        {"name": "x", "premium": "free", "price": USD},
    ):
        assert shop.refused(call, body) == (422, "InvalidTerms")


# ---- subscriptions -------------------------------------------------------------------------------


def test_a_plan_is_subscribed_to_previewed_changed_ended_and_resumed(shop: Storefront) -> None:
    token, card = shop.api.token("ann"), shop.saved_card()
    body = {"plan_id": "pro", "quantity": 2, "card_id": card}

    preview = shop.told(f"GET {ANN}/plan/preview?plan_id=pro&quantity=2", auth=token)
    changed = shop.told(f"PUT {ANN}/plan", body, auth=token)
    path = f"{ANN}/subscriptions/{changed['id']}"
    ending = shop.told(f"POST {path}/cancel", {"at_period_end": True}, auth=token)
    resumed = shop.told(f"POST {path}/resume", auth=token)
    ended = shop.told(f"POST {path}/cancel", {"at_period_end": False}, auth=token)

    assert (preview["currency"], preview["due_minor"]) == ("usd", 1000)
    assert (changed["status"], changed["quantity"]) == ("active", 2)
    assert ending["cancel_at"] == ending["ends_period_at"] is not None
    assert resumed["cancel_at"] is None
    assert ended["status"] == "canceled"


def test_without_a_card_the_customer_is_asked_for_one(shop: Storefront) -> None:
    assert shop.refused(f"PUT {ANN}/plan", {"plan_id": "pro"}) == (402, "CardNeeded")


def test_a_group_is_subscribed_to_for_a_registration(shop: Storefront) -> None:
    call, body = f"POST {ANN}/groups/3/subscription", {"cart_id": "cart-1"}

    first, again = (shop.told(call, body) for _ in range(2))

    assert first == again
    assert first["client_secret"] == f"{first['id']}_secret"
    assert shop.provider.get(first["id"])["metadata"]["cart_id"] == "cart-1"


def test_subscribing_otherwise_names_the_subscription_there_is(shop: Storefront) -> None:
    body = {"plan_id": "pro", "card_id": shop.saved_card()}
    first = shop.told(f"POST {ANN}/subscriptions", body)

    response = shop.ask(f"POST {ANN}/subscriptions", {**body, "quantity": 3})

    assert response.status_code == 409
    assert response.get_json(force=True)["subscription_id"] == first["id"]


def test_a_declined_card_is_told_with_its_code(shop: Storefront) -> None:
    customer = shop.told(f"PUT {ANN}", {})["provider_customer_id"]
    shop.provider.save_card(customer, DECLINED)

    response = shop.ask(f"POST {ANN}/subscriptions", {"plan_id": "pro", "card_id": DECLINED})

    told = response.get_json(force=True)
    assert (response.status_code, told["title"]) == (402, "CardDeclined")
    assert told["code"] == "insufficient_funds"
    assert told["detail"] == "Your card has insufficient funds."


def test_what_is_somebody_elses_cannot_be_reached_by_its_id(shop: Storefront) -> None:
    of_ann = shop.told(f"POST {ANN}/subscriptions", {"plan_id": "pro"})["id"]
    card_of_ann = shop.saved_card()
    setup_of_ann = shop.told(f"POST {ANN}/card-setups", {}, key="card-2")["id"]
    bob = shop.api.token("bob")

    for call, body in (
        (f"POST {BOB}/subscriptions/{of_ann}/cancel", {"at_period_end": False}),
        (f"POST {BOB}/subscriptions/{of_ann}/resume", None),
        (f"POST {BOB}/card-setups/{setup_of_ann}/use", None),
        (f"POST {BOB}/subscriptions", {"plan_id": "pro", "card_id": card_of_ann}),
        (f"PUT {BOB}/plan", {"plan_id": "pro", "card_id": card_of_ann}),
        (f"POST {BOB}/groups/3/subscription", {"cart_id": "c", "card_id": card_of_ann}),
    ):
        assert shop.refused(call, body, auth=bob) == (404, "NotYours"), call


# ---- charges -------------------------------------------------------------------------------------


def test_charges_are_paid_by_one_payment_whose_amount_is_worked_out_here(shop: Storefront) -> None:
    def charge(charge_id: str, minor: int, due_at: str) -> None:
        body = {"amount": {**USD, "minor": minor}, "description": "fee", "due_at": due_at}
        shop.told(f"PUT {ANN}/charges/{charge_id}", body)

    assert shop.refused(f"POST {ANN}/account-payment", {}) == (409, "NothingDue")
    charge("c1", 300, "2026-09-01T00:00:00Z")
    charge("c2", 500, LATER)
    charge("c3", 900, LATER)
    shop.told(f"DELETE {ANN}/charges/c3")

    body = {"pay_past_due_only": True}
    first, again = (shop.told(f"POST {ANN}/account-payment", body) for _ in range(2))

    assert shop.told(f"GET {ANN}/payable") == {
        "past_due": {**USD, "minor": 300},
        "all_due": {**USD, "minor": 800},
    }
    assert first == again
    assert (first["payment"]["amount"]["minor"], first["charge_ids"]) == (300, ["c1"])
    assert shop.refused(f"DELETE {ANN}/charges/c9") == (404, "UnknownCharge")
    assert shop.refused(
        f"PUT {ANN}/charges/c1", {"amount": USD, "description": "fee", "due_at": LATER}
    ) == (422, "KeyTaken")


# ---- credits -------------------------------------------------------------------------------------


def test_packages_are_listed_and_bought_once_a_key(shop: Storefront) -> None:
    token = shop.api.token("ann", email="ann@example.org")
    packages = shop.told("GET /v1/catalog/credit-packages", auth=token)["data"]
    body = {"price_id": packages[0]["price_id"], "return_url": "https://lead.example/back"}
    call = f"POST {ANN}/credit-sessions"

    first, again = (shop.told(call, body, key="k1", auth=token) for _ in range(2))
    hosted = shop.told(call, {**body, "hosted": True}, key="k2", auth=token)

    assert [package["units"] for package in packages] == [50, 500]
    assert first == again == {
        "id": first["id"],
        "client_secret": f"{first['id']}_secret",
        "url": None,
        "status": "open",
    }  # fmt: skip
    assert hosted["url"].startswith("https://")
    assert shop.refused(call, {**body, "packages": 2}, key="k1") == (422, "KeyTaken")
    assert shop.refused(call, {**body, "price_id": "price_9"}, key="k3") == (404, "NotOffered")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://lead.example/",
        "https://lead.example:444/",
        "https://lead.example@evil.example/",
        "https://lead.example.evil.example/",
    ],
)
def test_a_browser_is_sent_back_to_the_application_only(url: str, shop: Storefront) -> None:
    body = {"price_id": "price_50", "return_url": url}
    call = f"POST {ANN}/credit-sessions"

    assert shop.refused(call, body, key="k", auth=shop.api.token()) == (403, "ForeignAddress")
    assert shop.provider.all("session") == []


# ---- grants --------------------------------------------------------------------------------------


def test_access_is_given_by_hand_and_withdrawn(shop: Storefront) -> None:
    body = {"features": ["plan:pro"], "reason": "a friend of the house"}

    shop.told(f"PUT {ANN}/grants/g1", body)
    shop.told(f"PUT {ANN}/grants/g1", body)

    assert shop.refused(f"PUT {ANN}/grants/g1", {**body, "reason": "no"}) == (422, "KeyTaken")
    assert shop.refused(f"DELETE {BOB}/grants/g1") == (404, "NotYours")
    assert shop.refused(f"DELETE {ANN}/grants/g2") == (404, "UnknownGrant")
    shop.told(f"DELETE {ANN}/grants/g1")
