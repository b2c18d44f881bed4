"""What somebody chooses while their bill is not paid, or after, is kept."""

from __future__ import annotations

import pytest

from tests.systems.calling import Json
from tests.systems.customers import DECLINED_LATER, VISA, Customer
from tests.systems.installation import Installation
from tests.systems.lapsing import (
    OWN,
    PRO,
    STARTER,
    customer_id,
    cy,
    fails,
    money,
    moves,
    pays,
    plan_of,
    prices,
    reacting,
)  # fmt: skip
from tests.systems.plans import offers, reason

__all__ = ("cy",)


@pytest.fixture(scope="module", autouse=True)
def others(house: Installation) -> None:
    """Plans to change to."""
    offers(house, "basic", 900)
    offers(house, "yearly", 19_000, "year")


def subscription(house: Installation, cy: Customer) -> Json:
    """The one they have at Stripe, whatever became of it."""
    asked = {"customer": customer_id(cy), "status": "all"}
    found: Json = house.at_stripe("GET /v1/subscriptions", **asked)["data"][0]
    return found


def cancels(house: Installation, cy: Customer, at_period_end: bool) -> None:
    key = subscription(house, cy)["id"]
    cy.call(f"POST subscriptions/{key}/cancel", {"at_period_end": at_period_end})
    house.settle()


def test_who_cancels_in_grace_gets_no_other_plan_and_no_bill(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, **OWN) as worker:
        fails(house, cy)
        worker.run_until_idle()
        cancels(house, cy, at_period_end=False)
        before = money(cy)
        moves(house, worker, 40)

        assert (plan_of(cy), prices(house, cy), money(cy)) == (None, [], before)


@pytest.mark.parametrize("is_paid", [False, True])
def test_who_is_to_leave_leaves_whether_the_bill_is_paid_or_not(
    house: Installation, cy: Customer, is_paid: bool
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        cancels(house, cy, at_period_end=True)
        moves(house, worker, 5.2)
        assert plan_of(cy) == STARTER
        assert subscription(house, cy)["cancel_at_period_end"]
        before = money(cy)

        if is_paid:
            pays(house, cy, invoice)
        moves(house, worker, 0.1)
        assert plan_of(cy) == (PRO if is_paid else STARTER)
        moves(house, worker, 40)

        assert (plan_of(cy), subscription(house, cy)["status"]) == (None, "canceled")
        assert money(cy) == before + (2900 if is_paid else 0)


def test_who_is_to_leave_gets_no_other_plan_when_stripe_gives_up(
    house: Installation, cy: Customer
) -> None:
    with reacting(house) as worker:
        fails(house, cy)
        worker.run_until_idle()
        cancels(house, cy, at_period_end=True)
        moves(house, worker, 12)

        assert (plan_of(cy), prices(house, cy)) == (None, [])


def test_who_leaves_the_starter_plan_is_not_brought_back_by_paying(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        moves(house, worker, 5.2)
        cancels(house, cy, at_period_end=False)
        before = money(cy)
        pays(house, cy, invoice)
        moves(house, worker, 40)

        assert (plan_of(cy), money(cy)) == (None, before + 2900)


def test_who_goes_to_the_starter_plan_in_grace_stays_there_when_the_bill_is_paid(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        cy.call("PUT plan", {"plan_id": STARTER})
        moves(house, worker, 5.2)
        pays(house, cy, invoice)
        moves(house, worker, 0.1)

        assert (plan_of(cy), prices(house, cy)) == (STARTER, [0])


def test_who_changes_plan_without_paying_comes_back_to_the_plan_they_chose(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        cy.call("PUT plan", {"plan_id": "basic"})
        moves(house, worker, 5.2)
        ended = plan_of(cy)
        before = money(cy)
        pays(house, cy, invoice)
        moves(house, worker, 0.1)

        assert (ended, plan_of(cy), prices(house, cy)) == (STARTER, "basic", [900])
        assert money(cy) == before + 2900


def test_who_changes_to_a_plan_and_pays_for_it_keeps_it_though_the_old_bill_is_open(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        house.at_stripe(f"POST /v1/invoices/{invoice}/mark_uncollectible")  # not collected again
        cy.saves_card(VISA)
        cy.call("PUT plan", {"plan_id": "yearly"})
        moves(house, worker, 6)

        assert (plan_of(cy), prices(house, cy)) == ("yearly", [19_000])
        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        assert (plan_of(cy), prices(house, cy)) == ("yearly", [19_000])


def test_a_plan_that_ended_long_ago_is_not_brought_back_by_a_bill_of_another(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        moves(house, worker, 5.2)
        house.at_stripe(f"POST /v1/invoices/{invoice}/void")
        cy.saves_card(VISA)
        cy.call("PUT plan", {"plan_id": "basic"})
        house.settle()
        cy.saves_card(DECLINED_LATER)
        moves(house, worker, 31.5)
        [bill] = house.at_stripe("GET /v1/invoices", customer=customer_id(cy), status="open")[
            "data"
        ]
        cy.call("PUT plan", {"plan_id": STARTER})
        pays(house, cy, bill["id"])
        moves(house, worker, 0.1)

        assert (plan_of(cy), prices(house, cy)) == (STARTER, [0])


def test_a_late_webhook_is_grace_and_ends_nothing(house: Installation, cy: Customer) -> None:
    cy.saves_card(VISA)
    with reacting(house, **OWN) as worker:
        with house.mishaps(drop="999"):
            moves(house, worker, 33)
        late = reason(cy, f"plan:{PRO}"), plan_of(cy)
        assert house.run("backfill").exit_code == 0
        moves(house, worker, 0.1)

        assert late == ("grace", PRO)
        assert (reason(cy, f"plan:{PRO}"), plan_of(cy)) == ("paid", PRO)
        assert "starter plan by" not in house.run("history", cy.user_id).output
