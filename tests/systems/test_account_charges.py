"""Customers pay what they owe: one open payment at a time, settled by its webhook."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.systems.calling import Json
from tests.systems.customers import VISA, Customer
from tests.systems.installation import Installation

PAST_DUE = {"pay_past_due_only": True}


def test_the_amount_is_worked_out_by_the_server_from_what_is_unpaid_and_past_due(
    house: Installation, ann: Customer
) -> None:
    owes(ann, "old", 2500, -3)
    owes(ann, "older", 1000, -30)
    owes(ann, "later", 4000, 30)

    assert ann.call("GET payable") == {"past_due": usd(3500), "all_due": usd(7500)}
    told = ann.refused("POST account-payment", {**PAST_DUE, "amount": usd(1)})
    assert told == (422, "Invalid")
    payment = ann.call("POST account-payment", PAST_DUE)

    assert sorted(payment["charge_ids"]) == ["old", "older"]
    intent = house.at_stripe(f"GET /v1/payment_intents/{payment['payment']['id']}")
    assert (intent["amount"], intent["currency"]) == (3500, "usd")
    assert payment["payment"]["amount"] == usd(3500)


def test_paying_only_what_is_past_due_is_offered_only_if_something_is(ann: Customer) -> None:
    owes(ann, "later", 4000, 30)

    assert ann.call("GET payable") == {"past_due": None, "all_due": usd(4000)}
    assert ann.refused("POST account-payment", PAST_DUE) == (409, "NothingDue")
    assert ann.call("POST account-payment", {})["charge_ids"] == ["later"]


def test_asked_again_and_at_once_there_is_one_intent_with_one_secret(
    house: Installation, ann: Customer
) -> None:
    owes(ann, "fee", 2500, -3)

    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(ann.call, "POST account-payment", PAST_DUE) for _ in range(8)]
    found = [each.result() for each in calls] + [ann.call("POST account-payment", PAST_DUE)]

    assert all(each == found[0] for each in found)
    customer = ann.registers()["provider_customer_id"]
    listed = house.at_stripe("GET /v1/payment_intents", customer=customer)["data"]
    assert [each["id"] for each in listed] == [found[0]["payment"]["id"]]
    assert listed[0]["client_secret"] == found[0]["payment"]["client_secret"]


def test_who_pays_first_becomes_a_customer_and_the_payment_is_pending_until_its_webhook(
    house: Installation, nobody: Customer
) -> None:
    owes(nobody, "fee", 2500, -3)
    opened = nobody.call("POST account-payment", {**PAST_DUE, "email": nobody.email})
    house.settle()

    [customer] = house.at_stripe("GET /v1/customers", email=nobody.email)["data"]
    [pending] = nobody.finance("account_payments")
    assert (pending["status"], pending["amount_minor"]) == ("pending", 2500)
    assert list(pending["charge_ids"]) == ["fee"]
    assert pending["provider_customer_id"] == customer["id"]
    assert not pending["is_external"]

    intent = house.at_stripe(f"GET /v1/payment_intents/{opened['payment']['id']}")
    assert intent["metadata"]["product_id"] == "prod_website"  # all of the site's, together

    nobody.pays(opened["payment"]["client_secret"])  # back at the return URL before the webhook
    house.arrive()
    assert nobody.rows("account-payments")[0]["status"] == "pending"
    house.settle()
    assert nobody.rows("account-payments")[0]["status"] == "paid"


def test_a_customer_stripe_has_for_the_user_already_is_found_and_not_made_again(
    house: Installation, nobody: Customer
) -> None:
    metadata = {"user_id": nobody.user_id}
    made = house.at_stripe("POST /v1/customers", email=nobody.email, metadata=metadata)
    house.settle()
    owes(nobody, "fee", 2500, -3)

    opened = nobody.call("POST account-payment", {"email": nobody.email})

    intent = house.at_stripe(f"GET /v1/payment_intents/{opened['payment']['id']}")
    assert intent["customer"] == made["id"]


def test_a_payment_that_succeeds_settles_all_its_charges_once(
    house: Installation, ann: Customer
) -> None:
    owes(ann, "one", 2500, -3)
    owes(ann, "two", 1500, -2)
    owes(ann, "later", 4000, 30)
    opened = ann.call("POST account-payment", PAST_DUE)

    with house.mishaps(duplicate=99):
        ann.pays(opened["payment"]["client_secret"])
    house.settle()

    [payment] = ann.finance("account_payments")
    assert (payment["status"], payment["purchase_id"]) == ("paid", opened["payment"]["id"])
    [receipt] = ann.finance("paid_invoices")
    assert receipt["amount_paid_minor"] == 4000
    charges = {row["charge_id"]: row["status"] for row in ann.rows("charges")}
    assert charges == {"one": "paid", "two": "paid", "later": "open"}
    assert ann.call("GET payable") == {"past_due": None, "all_due": usd(4000)}
    assert ann.refused("POST account-payment", PAST_DUE) == (409, "NothingDue")


def test_charges_that_change_while_a_payment_is_open_make_another_payment(
    house: Installation, ann: Customer
) -> None:
    owes(ann, "one", 2500, -3)
    first = ann.call("POST account-payment", {})["payment"]

    owes(ann, "two", 1500, -2)
    second = ann.call("POST account-payment", {})["payment"]

    assert second["amount"] == usd(4000)
    stands = house.at_stripe(f"GET /v1/payment_intents/{first['id']}")
    assert stands["status"] == "canceled"


def test_a_payment_whose_charge_was_waived_meanwhile_is_flagged_and_settles_nothing(
    house: Installation, ann: Customer
) -> None:
    owes(ann, "one", 2500, -3)
    owes(ann, "two", 1500, -2)
    opened = ann.call("POST account-payment", {})
    ann.call("DELETE charges/two")

    ann.pays(opened["payment"]["client_secret"])
    house.settle()

    [payment] = ann.finance("account_payments")
    assert (payment["status"], payment["amount_minor"]) == ("mismatched", 4000)
    assert "two" in payment["mismatch"]
    charges = {row["charge_id"]: row["status"] for row in ann.rows("charges")}
    assert charges == {"one": "open", "two": "waived"}


def test_a_charge_that_was_paid_for_by_other_money_meanwhile_is_not_settled_twice(
    house: Installation, ann: Customer
) -> None:
    """Two payments of one account name the same request: the second has nothing to settle."""
    owes(ann, "fee", 2500, -3)
    opened = ann.call("POST account-payment", {})["payment"]
    told = house.at_stripe(f"GET /v1/payment_intents/{opened['id']}")
    ann.pays(opened["client_secret"])
    house.sandbox("advance", seconds=60)
    house.at_stripe(
        "POST /v1/payment_intents",
        amount=2500,
        currency="usd",
        customer=told["customer"],
        metadata=told["metadata"],
        payment_method=VISA,
        confirm=True,
    )
    house.settle()

    assert sorted(row["status"] for row in ann.finance("account_payments")) == [
        "mismatched",
        "paid",
    ]
    [charge] = ann.finance("account_charges")
    assert (charge["status"], charge["purchase_id"]) == ("paid", opened["id"])


def owes(customer: Customer, charge_id: str, minor: int, in_days: int) -> None:
    """A charge that is due in so many days, or was so long ago."""
    due_at = (customer.house.now() + timedelta(days=in_days)).isoformat()
    body = {"amount": usd(minor), "description": f"Tuition {charge_id}", "due_at": due_at}
    customer.call(f"PUT charges/{charge_id}", body)


def usd(minor: int) -> Json:
    return {"minor": minor, "currency": "usd"}
