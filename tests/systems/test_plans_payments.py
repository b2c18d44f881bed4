"""Plans that are paid, and plans that are not: what Stripe says was paid for decides."""

from __future__ import annotations

import pytest

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import Installation
from tests.systems.plans import (
    PREMIUM,
    TO_PREMIUM,
    TO_STARTER,
    active,
    held,
    may,
    offers,
    paid_until,
    reason,
    renews_in_vain,
    subscriptions,
    upgraded,
)

FEE_MINOR = 1900


@pytest.fixture(scope="module", autouse=True)
def premium(house: Installation) -> Json:
    """For 19 dollars a month, beside the free plan everybody starts with."""
    offers(house, "starter", 0)
    return offers(house, "premium", FEE_MINOR)


def test_a_payment_that_fails_and_one_that_succeeds_change_the_state_and_are_in_history(
    house: Installation, ann: Customer
) -> None:
    upgraded(ann)
    renews_in_vain(ann)

    [failed] = [row for row in ann.finance("invoices") if row["status"] == "open"]
    assert (failed["due_minor"], failed["attempt_count"]) == (FEE_MINOR, 1)
    assert ann.rows("subscriptions")[0]["status"] == "past_due"
    [purchase] = [row for row in ann.finance("purchases") if row["status"] == "failed"]
    assert purchase["paid_minor"] in (None, 0)

    ann.saves_card()
    house.days_pass(4)  # Stripe tries again

    [paid] = [r for r in ann.finance("invoices") if r["invoice_id"] == failed["invoice_id"]]
    assert (paid["status"], paid["paid_minor"], paid["attempt_count"]) == ("paid", FEE_MINOR, 2)
    assert ann.rows("subscriptions")[0]["status"] == "active"
    told = house.run("history", ann.user_id).output
    sentences = (
        f"try 1 to collect invoice {failed['invoice_id']} failed",
        "became past_due",
        f"invoice {failed['invoice_id']} is paid: 19.00 USD",
        "became active",
    )
    places = [told.index(sentence) for sentence in sentences]
    assert places[0] >= 0
    assert places[1] < places[3]


def test_while_stripe_tries_again_the_plan_is_kept_in_grace_and_paying_leaves_no_gap(
    house: Installation, ann: Customer
) -> None:
    upgraded(ann)
    renews_in_vain(ann)
    before = paid_until(ann)
    assert (may(ann), reason(ann)) == ((False, True), "grace")

    ann.saves_card()
    house.days_pass(4)

    assert (may(ann), reason(ann)) == ((False, True), "paid")
    assert paid_until(ann) > before
    assert [plan for plan, _ in held(ann)][-1] == "premium"
    [row] = [each for each in ann.finance("entitlements") if each["feature"] == PREMIUM]
    assert row["granted_at"] < before  # it is one stretch


def test_when_stripe_gives_up_premium_is_over_and_says_why(
    house: Installation, ann: Customer
) -> None:
    upgraded(ann)
    renews_in_vain(ann)

    house.days_pass(12)

    [subscription] = subscriptions(ann)
    assert subscription["status"] == "canceled"
    assert (may(ann), active(ann)) == ((False, False), [])
    assert held(ann)[-1] == ("premium", False)
    [row] = [each for each in ann.finance("entitlements") if each["feature"] == PREMIUM]
    assert row["ends_at"] <= house.now()
    assert reason(ann) == "expired"


@pytest.mark.parametrize("plan", ["starter", "premium"])
def test_what_stripe_gave_up_can_be_taken_up_again(
    house: Installation, ann: Customer, plan: str
) -> None:
    upgraded(ann)
    renews_in_vain(ann)
    house.days_pass(12)

    if plan == "premium":
        ann.saves_card()
    ann.call("PUT plan", TO_PREMIUM if plan == "premium" else TO_STARTER)
    house.settle()

    assert active(ann) == [f"plan:{plan}"]
    assert held(ann)[-1] == (plan, True)
    assert sorted(each["status"] for each in subscriptions(ann)) == ["active", "canceled"]


def test_while_the_bill_is_not_paid_going_back_to_starter_is_possible_and_costs_nothing(
    house: Installation, ann: Customer
) -> None:
    upgraded(ann)
    renews_in_vain(ann)

    ann.call("PUT plan", TO_STARTER)
    house.settle()

    assert may(ann)[1] is False
    assert held(ann)[-1] == ("starter", True)
    paid = sum(row["amount_paid_minor"] for row in ann.finance("paid_invoices"))
    assert paid == FEE_MINOR


def test_nothing_that_costs_more_is_had_before_the_bill_is_paid(
    house: Installation, ann: Customer
) -> None:
    dearer: Json = {"plan_id": "pro"}
    offers(house, "pro", 2 * FEE_MINOR)
    offers(house, "cheap", FEE_MINOR - 1)
    upgraded(ann)
    renews_in_vain(ann)

    for more in (dearer, TO_PREMIUM | {"quantity": 2}):
        asked = "&".join(f"{name}={value}" for name, value in more.items())
        assert ann.refused("PUT plan", more) == (402, "BillUnpaid")
        assert ann.refused(f"GET plan/preview?{asked}") == (402, "BillUnpaid")
    ann.saves_card()
    house.days_pass(4)  # Stripe tries again
    changed = ann.call("PUT plan", dearer)

    house.settle()
    assert changed["price_id"] == subscriptions(ann)[0]["items"]["data"][0]["price"]["id"]
    assert held(ann)[-1] == ("pro", True)
    renews_in_vain(ann, "plan:pro")
    ann.call("PUT plan", {"plan_id": "cheap"})
    house.settle()
    assert held(ann)[-1] == ("cheap", True)


def test_a_bill_asked_for_twice_and_told_out_of_order_is_paid_once(
    house: Installation, ann: Customer
) -> None:
    with house.mishaps(duplicate=99, reorder=5):
        upgraded(ann)
        house.days_pass(32)

    bills = [row["amount_paid_minor"] for row in ann.finance("paid_invoices")]
    assert sorted(bills) == [0, FEE_MINOR, FEE_MINOR]
    assert may(ann) == (False, True)
