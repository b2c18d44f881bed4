"""A learning platform sells learning paths and groups, once and again and again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.systems.customers import DECLINED, VISA, Customer
from tests.systems.installation import Installation

USD = {"minor": 4900, "currency": "usd"}


@pytest.fixture
def path_id(house: Installation) -> str:
    """A learning path for 49 dollars."""
    path_id = house.new_id("lp")
    house.call(f"PUT catalog/learning-paths/{path_id}", {"name": "Python & Co", "price": USD})
    return path_id


@pytest.fixture
def group_id(house: Installation) -> str:
    """A group that is paid for once."""
    group_id = house.new_id("g")
    terms = {"name": "Readers", "premium": "one_time", "price": USD}
    house.call(f"PUT catalog/groups/{group_id}", terms)
    return group_id


def test_registering_again_and_at_once_makes_one_customer_at_stripe(
    house: Installation, nobody: Customer
) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = [each.result() for each in [pool.submit(nobody.registers) for _ in range(6)]]
    found.append(nobody.registers())
    house.settle()

    assert len({each["provider_customer_id"] for each in found}) == 1
    [listed] = house.at_stripe("GET /v1/customers", email=nobody.email)["data"]
    assert listed["id"] == found[0]["provider_customer_id"]
    assert listed["metadata"] == {"user_id": nobody.user_id}
    [row] = nobody.finance("customers")
    assert row["provider_customer_id"] == listed["id"]


def test_registering_with_another_address_tells_stripe_and_keeps_the_customer(
    house: Installation, ann: Customer
) -> None:
    before, address = ann.registers(), f"new-{ann.email}"

    after = ann.call("PUT", {"email": address})
    house.settle()

    assert after == before
    found = house.at_stripe(f"GET /v1/customers/{before['provider_customer_id']}")
    assert (found["email"], found["name"]) == (address, ann.user_id.title())
    [row] = ann.finance("customers")
    assert row["email"] == address


def test_a_learning_path_is_paid_by_an_intent_that_says_what_it_is_for(
    house: Installation, ann: Customer, path_id: str
) -> None:
    customer = ann.registers()["provider_customer_id"]

    payment = ann.call(f"POST learning-paths/{path_id}/payment")

    intent = house.at_stripe(f"GET /v1/payment_intents/{payment['id']}")
    assert (intent["amount"], intent["currency"], intent["customer"]) == (4900, "usd", customer)
    assert intent["description"] == f"LEAD - Premium Learning Path - Python & Co (ID {path_id})"
    assert intent["metadata"] == {
        "platform": "LEAD",
        "learning_path_id": path_id,
        "user_id": ann.user_id,
    }
    assert payment["client_secret"] == intent["client_secret"]


def test_a_group_is_paid_by_an_intent_that_says_what_it_is_for(
    house: Installation, ann: Customer, group_id: str
) -> None:
    customer = ann.registers()["provider_customer_id"]

    payment = ann.call(f"POST groups/{group_id}/payment")["payment"]

    intent = house.at_stripe(f"GET /v1/payment_intents/{payment['id']}")
    assert (intent["amount"], intent["currency"], intent["customer"]) == (4900, "usd", customer)
    assert intent["description"] == f"LEAD - Premium Group - Readers (ID {group_id})"
    assert intent["metadata"] == {"platform": "LEAD", "group_id": group_id, "user_id": ann.user_id}


def test_the_webhook_unlocks_a_learning_path_and_the_browser_does_not(
    house: Installation, new_customer: Callable[[], Customer], path_id: str
) -> None:
    ann, bob, feature = new_customer(), new_customer(), f"learning_path:{path_id}"
    payment = ann.call(f"POST learning-paths/{path_id}/payment")
    with house.mishaps(drop=99):  # as if no webhook ever came
        ann.pays(payment["client_secret"])
    house.settle()
    told = ann.refused(f"POST learning-paths/{path_id}/payment")  # Stripe has the money, we know
    assert (told, ann.may_use(feature)) == ((409, "AlreadyBought"), False)

    fetched = house.run("backfill")
    assert fetched.exit_code == 0, fetched.output
    house.settle()

    assert (ann.may_use(feature), bob.may_use(feature)) == (True, False)
    [row] = ann.finance("entitlements")
    assert (row["feature"], row["source_id"], row["active"]) == (feature, payment["id"], True)


def test_a_declined_card_unlocks_nothing_and_the_same_payment_can_be_made_again(
    house: Installation, ann: Customer, path_id: str
) -> None:
    payment = ann.call(f"POST learning-paths/{path_id}/payment")
    with pytest.raises(stripe.CardError):
        ann.pays(payment["client_secret"], DECLINED)
    house.settle()
    declined = (ann.rows("purchases")[0]["status"], ann.may_use(f"learning_path:{path_id}"))

    again = ann.call(f"POST learning-paths/{path_id}/payment")
    ann.pays(again["client_secret"])
    house.settle()

    assert declined == ("failed", False)
    assert again["id"] == payment["id"]
    assert ann.may_use(f"learning_path:{path_id}")


def test_after_payment_the_group_is_registered_and_the_receipt_reachable_from_it(
    house: Installation, ann: Customer, group_id: str
) -> None:
    payment = ann.call(f"POST groups/{group_id}/payment")["payment"]
    house.settle()
    [before] = ann.rows("group-registrations")

    ann.pays(payment["client_secret"])
    house.settle()

    [after] = ann.rows("group-registrations")
    assert (before["status"], before["paid_at"]) == ("pending", None)
    assert (after["status"], after["group_id"]) == ("paid", group_id)
    assert after["paid_at"] is not None
    [receipt] = [each for each in ann.rows("receipts") if each["invoice_id"] == after["source_id"]]
    assert (receipt["amount_paid_minor"], receipt["currency"]) == (4900, "usd")
    assert ann.may_use(f"group:{group_id}")  # she can go on to what she bought at once
    [row] = ann.finance("group_registrations")
    assert (row["status"], row["source_kind"]) == ("paid", "purchase")


def test_a_payment_that_is_given_up_registers_nobody_and_another_can_be_made(
    house: Installation, ann: Customer, group_id: str
) -> None:
    given_up = ann.call(f"POST groups/{group_id}/payment")["payment"]
    house.at_stripe(f"POST /v1/payment_intents/{given_up['id']}/cancel")
    house.settle()
    before = {row["source_id"]: row["status"] for row in ann.rows("group-registrations")}

    another = ann.call(f"POST groups/{group_id}/payment")["payment"]
    ann.pays(another["client_secret"])
    house.settle()

    after = {row["source_id"]: row["status"] for row in ann.rows("group-registrations")}
    assert before == {given_up["id"]: "ended"}
    assert after == {given_up["id"]: "ended", another["id"]: "paid"}
    assert ann.may_use(f"group:{group_id}")


def test_a_payment_of_another_platform_is_kept_and_unlocks_nothing(
    house: Installation, ann: Customer, path_id: str
) -> None:
    metadata = {"platform": "OTHER", "learning_path_id": path_id, "user_id": ann.user_id}
    intent = paid(house, metadata)
    house.settle()

    [row] = house.finance("SELECT * FROM finance.purchases WHERE purchase_id = %s", intent)
    assert (row["status"], row["paid_minor"]) == ("other_platform", 4900)
    assert not ann.may_use(f"learning_path:{path_id}")
    assert ann.finance("entitlements") == []


def test_a_payment_that_names_nobody_is_kept_and_listed_as_unmatched(house: Installation) -> None:
    intent = paid(house, {"platform": "LEAD"})
    house.settle()

    listed = house.run("unmatched")
    assert intent in listed.output
    assert house.finance("SELECT * FROM finance.entitlements WHERE source_id = %s", intent) == []


def paid(house: Installation, metadata: dict[str, str]) -> str:
    """A payment that somebody else than we asked for."""
    intent = house.at_stripe(
        "POST /v1/payment_intents",
        amount=4900,
        currency="usd",
        metadata=metadata,
        payment_method=VISA,
        confirm=True,
    )
    return str(intent["id"])
