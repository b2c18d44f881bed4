"""What is unused of a plan that ends unpaid is given back where it was paid, and never else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.reactions.worker import ReactionWorker
from tests.systems.customers import DECLINED_LATER, VISA, Customer
from tests.systems.installation import Installation
from tests.systems.lapsing import (
    STARTER,
    customer_id,
    cy,
    money,
    moves,
    pays,
    plan_of,
    prices,
    reacting,
)  # fmt: skip

__all__ = ("cy",)
WEEKLY, WEEK_MINOR = "weekly", 700
DAY_MINOR = 100


@pytest.fixture
def di(house: Installation, cy: Customer, new_customer: Callable[[], Customer]) -> Customer:
    """Somebody who pays by the week, a dollar a day."""
    price = {"minor": WEEK_MINOR, "currency": "usd"}
    house.call("PUT catalog/plans/weekly", {"name": "W", "price": price, "interval": "week"})
    di = new_customer()
    di.saves_card(VISA)
    di.call("PUT plan", {"plan_id": WEEKLY})
    house.settle()
    return di


def credit(house: Installation, customer: Customer) -> int:
    """What Stripe has given back and keeps for the next bills, in minor units."""
    found: int = house.at_stripe(f"GET /v1/customers/{customer_id(customer)}")["balance"]
    return -found


def wants_two(house: Installation, di: Customer) -> str:
    """From now on, in Stripe's dashboard; the bill of the second for the rest of the week."""
    [plan] = house.at_stripe("GET /v1/subscriptions", customer=customer_id(di))["data"]
    [item] = plan["items"]["data"]
    after = house.at_stripe(
        f"POST /v1/subscriptions/{plan['id']}",
        items=[{"id": item["id"], "quantity": 2}],
        proration_behavior="always_invoice",
    )
    house.settle()
    assert after["status"] == "past_due"
    bill: str = after["latest_invoice"]
    return bill


def both_weeks(house: Installation, di: Customer) -> tuple[str, str]:
    """The two bills that wait, the older first."""
    asked = {"customer": customer_id(di), "status": "open"}
    found = house.at_stripe("GET /v1/invoices", **asked)["data"]
    second, first = (each["id"] for each in found)
    return first, second


def ends_in_a_paid_week(house: Installation, worker: ReactionWorker, di: Customer) -> str:
    """The plan ends for the bill of the second of the week before; that bill."""
    moves(house, worker, 5.5)
    di.saves_card(DECLINED_LATER)
    bill = wants_two(house, di)
    moves(house, worker, 1.4)
    di.saves_card(VISA)
    moves(house, worker, 0.3)  # the next week begins, for two, and is paid
    assert (money(di), plan_of(di)) == (DAY_MINOR * 21, WEEKLY)
    di.saves_card(DECLINED_LATER)
    moves(house, worker, 2.4)
    return bill


def test_a_paid_week_is_given_back_when_it_ends_for_a_bill_of_the_week_before(
    house: Installation, di: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:4") as worker:
        ends_in_a_paid_week(house, worker, di)

        assert (plan_of(di), prices(house, di)) == (STARTER, [0])
        assert credit(house, di) == pytest.approx(DAY_MINOR * 2 * 4.4)  # 2.6 days were used
        told = house.run("history", di.user_id).output
        assert "what was paid of it and not used is given back" in told


def test_what_was_given_back_pays_first_when_the_plan_is_back_and_no_day_is_paid_twice(
    house: Installation, di: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:4") as worker:
        bill = ends_in_a_paid_week(house, worker, di)
        pays(house, di, bill)
        moves(house, worker, 0.1)

        assert (plan_of(di), credit(house, di)) == (WEEKLY, 0)
        one, two = DAY_MINOR, 2 * DAY_MINOR
        first_week, second_of_it, used, new_week = 7 * one, 1.5 * one, 2.6 * two, 7 * two
        assert money(di) == first_week + second_of_it + used + new_week
        moves(house, worker, 6.8)
        assert money(di) == first_week + second_of_it + used + new_week


def test_who_is_to_leave_is_not_billed_anew(house: Installation, di: Customer) -> None:
    with reacting(house, BILLING_DUNNING="own:4") as worker:
        bill = ends_in_a_paid_week(house, worker, di)
        [plan] = house.at_stripe("GET /v1/subscriptions", customer=customer_id(di))["data"]
        di.call(f"POST subscriptions/{plan['id']}/cancel", {"at_period_end": True})
        before = money(di)
        pays(house, di, bill)
        moves(house, worker, 0.1)

        assert (plan_of(di), money(di)) == (STARTER, before + 1.5 * DAY_MINOR)
        assert "is not billed anew" in house.run("history", di.user_id).output


def test_nothing_is_given_back_of_time_that_is_on_the_unpaid_bill(
    house: Installation, di: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:1") as worker:
        moves(house, worker, 4.5)
        di.saves_card(DECLINED_LATER)
        bill = wants_two(house, di)
        moves(house, worker, 1.1)
        assert (plan_of(di), credit(house, di)) == (STARTER, 0)

        pays(house, di, bill)
        moves(house, worker, 0.1)
        assert plan_of(di) == WEEKLY
        assert money(di) == DAY_MINOR * (7 + 2.5)
        moves(house, worker, 1.5)
        assert money(di) == DAY_MINOR * (7 + 2.5 + 14)


def test_a_week_that_nobody_paid_is_not_given_back_for_a_bill_of_the_week_before(
    house: Installation, di: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:8") as worker:
        two_weeks_unpaid(house, di, worker)

        assert (plan_of(di), credit(house, di)) == (STARTER, 0)
        assert money(di) == WEEK_MINOR


@pytest.mark.parametrize("older_first", [True, False])
def test_of_two_unpaid_bills_the_one_for_the_running_time_brings_the_plan_back(
    house: Installation, di: Customer, older_first: bool
) -> None:
    with reacting(house, BILLING_DUNNING="own:8") as worker:
        first, second = two_weeks_unpaid(house, di, worker)
        held = []
        for bill in (first, second) if older_first else (second, first):
            pays(house, di, bill)
            moves(house, worker, 0.1)
            held.append(plan_of(di))

        assert held == ([STARTER, WEEKLY] if older_first else [WEEKLY, WEEKLY])
        assert money(di) == 3 * WEEK_MINOR
        moves(house, worker, 5.3)
        assert money(di) == 3 * WEEK_MINOR
        moves(house, worker, 1)  # three weeks are over
        assert money(di) == 4 * WEEK_MINOR


def two_weeks_unpaid(house: Installation, di: Customer, worker: ReactionWorker) -> tuple[str, str]:
    """The second and the third; in the third the plan ends because of the second."""
    moves(house, worker, 1)
    di.saves_card(DECLINED_LATER)
    moves(house, worker, 6.5)
    moves(house, worker, 7.6)
    return both_weeks(house, di)
