"""Payments that were paid, failed, canceled or free without anybody here being told."""

from __future__ import annotations

from contextlib import suppress

import pytest
import stripe

from ledger.assembly import bookkeeper
from projections.projector import Projector
from tests.systems.calling import Json
from tests.systems.customers import DECLINED, VISA, Customer
from tests.systems.installation import CREDITS, Installation
from tests.systems.packages import pays_there, sold, visits
from tests.systems.reconciling import NOW, between, reconciled, repair, without_events

FEES = {"BILLING_FETCH_FEES": "yes"}


@pytest.fixture
def group_id(house: Installation) -> str:
    """A group that is paid for once."""
    group_id = house.new_id("g")
    price = {"minor": 4900, "currency": "usd"}
    house.call(
        f"PUT catalog/groups/{group_id}", {"name": "C", "premium": "one_time", "price": price}
    )
    return group_id


def opened(ann: Customer, group_id: str) -> Json:
    """A payment nobody made yet; all webhooks are in."""
    payment: Json = ann.call(f"POST groups/{group_id}/payment")["payment"]
    ann.house.settle()
    return payment


def standing(house: Installation, kind: str, key: str) -> list[tuple[str, object]]:
    """What differs of a payment: what it says here, and at Stripe."""
    differences = reconciled(house)["differences"]
    found = [each for each in differences if (each["kind"], each["key"]) == (kind, key)]
    return [tuple(told) for each in found for told in each["columns"].values()]


def status(ann: Customer) -> str:
    [row] = ann.finance("purchases")
    return str(row["status"])


def test_a_payment_that_was_canceled_unheard_differs_and_is_repaired_by_its_event(
    house: Installation, ann: Customer, group_id: str
) -> None:
    payment = opened(ann, group_id)
    with house.mishaps(drop="9"):
        house.at_stripe(f"POST /v1/payment_intents/{payment['id']}/cancel")
    house.settle()

    assert standing(house, "payments", payment["id"]) == [("pending", "canceled")]
    done = repair(house)

    assert (done["events"], done["objects"]) == (1, 0)
    assert status(ann) == "canceled"
    assert reconciled(house)["differences"] == []


def test_a_payment_that_failed_unheard_is_repaired_by_the_payment_itself(
    house: Installation, ann: Customer, group_id: str
) -> None:
    payment = opened(ann, group_id)
    with house.mishaps(drop="9"), suppress(stripe.CardError):
        ann.pays(payment["client_secret"], DECLINED)
    house.settle()

    assert standing(house, "payments", payment["id"]) == [("pending", "failed")]
    with between(house, without_events) as api:
        done = repair(house, STRIPE_API_BASE=api)

    assert (done["events"], done["objects"]) == (0, 1)
    assert status(ann) == "failed"
    repair(house)


def test_an_asked_payment_that_came_unheard_is_repaired_and_settles_its_charge(
    house: Installation, ann: Customer
) -> None:
    due = {"minor": 2500, "currency": "usd"}
    body = {"amount": due, "description": "Fee", "due_at": house.now().isoformat()}
    ann.call(f"PUT charges/{house.new_id('fee')}", body)
    payment = ann.call("POST account-payment", {})["payment"]
    house.settle()
    with house.mishaps(drop="99"):
        ann.pays(payment["client_secret"])
    house.settle()

    assert standing(house, "account_payments", payment["id"]) == [("pending", "paid")]
    repair(house)

    assert [row["status"] for row in ann.finance("account_charges")] == ["paid"]
    assert reconciled(house)["differences"] == []


def test_a_free_session_nobody_heard_of_gives_what_it_sells_once_repaired(
    house: Installation, ann: Customer
) -> None:
    house.at_stripe("POST /v1/products", id=CREDITS, name="Credits")
    free = sold(house, 50, 0)
    with house.mishaps(drop="99"):
        session = pays_there(ann, visits(ann, free))
    house.settle()
    assert (session["payment_intent"], session["payment_status"]) == (None, "no_payment_required")

    with between(house, without_events) as api:
        found = reconciled(house, STRIPE_API_BASE=api)["differences"]
        repair(house, STRIPE_API_BASE=api)

    assert [(each["kind"], each["what"]) for each in found] == [("checkout_sessions", "missing")]
    assert ann.balance == 50
    repair(house)


def test_what_a_repaired_payment_cost_is_fetched_and_compared(
    house: Installation, ann: Customer, group_id: str
) -> None:
    payment = opened(ann, group_id)
    with house.mishaps(drop="99"):
        ann.pays(payment["client_secret"], VISA)
        house.sandbox("advance", seconds=3600)  # Stripe says a little later what it cost
    house.settle()
    with between(house, without_events) as api:
        repair(house, STRIPE_API_BASE=api)
    behind = house.run("reconcile", *NOW, "--json", **FEES)
    fetch_fees(house)

    query = "SELECT fee_minor FROM finance.balance_transactions WHERE purchase_id = %s"
    [cost] = house.finance(query, payment["id"])
    assert cost["fee_minor"] > 0
    assert "balance_transactions are not compared" in behind.stderr
    repair(house)
    fetch_fees(house)
    found = reconciled(house, **FEES)
    assert found["compared"]["balance_transactions"] > 0
    assert found["differences"] == []


def fetch_fees(house: Installation) -> None:
    """All workers do what there is to do; ours begin where they came to."""
    worked = house.run("work", "--until-idle", **FEES)
    assert worked.exit_code == 0, worked.output
    house.books.close()
    house.tables.close()
    house.books = bookkeeper(house.settings, house.url)
    house.tables = Projector(house.url, house.settings.names)
