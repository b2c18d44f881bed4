"""A card that pays no more, all its way: grace, the starter plan, and back once it is paid."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.systems.customers import VISA, Customer
from tests.systems.installation import Installation
from tests.systems.lapsing import (
    PRO,
    STARTER,
    cy,
    fails,
    money,
    moves,
    paid_until,
    pays,
    plan_of,
    prices,
    reacting,
)  # fmt: skip

__all__ = ("cy",)


def test_an_unpaid_plan_is_kept_in_grace_and_ends_in_the_starter_plan_after_its_days(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        fails(house, cy)
        worker.run_until_idle()
        in_grace = cy.may_use(f"plan:{PRO}"), plan_of(cy)
        moves(house, worker, 5.2)

        assert in_grace == (True, PRO)
        assert (cy.may_use(f"plan:{PRO}"), plan_of(cy)) == (False, STARTER)
        assert cy.may_use(f"plan:{STARTER}")
        assert prices(house, cy) == [0]


def test_once_the_bill_is_paid_the_plan_is_back_and_nothing_is_paid_twice(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 5.2)
        paid_before = money(cy)

        pays(house, cy, invoice)
        moves(house, worker, 0.1)

        assert plan_of(cy) == PRO
        assert cy.may_use(f"plan:{PRO}")
        assert paid_until(cy) == covered_until(house, invoice)
        assert money(cy) == paid_before + 2900
        moves(house, worker, 1)
        assert money(cy) == paid_before + 2900
        told = house.run("history", cy.user_id).output
        for sentence in ("is to end in the starter plan", "has the starter plan by", "has pro by"):
            assert sentence in told


def test_following_stripe_the_plan_ends_when_stripe_gives_up(
    house: Installation, cy: Customer
) -> None:
    with reacting(house) as worker:
        invoice = fails(house, cy)
        moves(house, worker, 6)
        before = plan_of(cy)
        moves(house, worker, 5)

        assert (before, plan_of(cy)) == (PRO, STARTER)
        assert cy.may_use(f"plan:{STARTER}")
        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        assert (plan_of(cy), cy.may_use(f"plan:{PRO}")) == (PRO, True)


def test_who_pays_in_grace_loses_nothing(house: Installation, cy: Customer) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        pays(house, cy, invoice)
        moves(house, worker, 6)

        assert (plan_of(cy), cy.may_use(f"plan:{PRO}")) == (PRO, True)
        assert "starter plan by" not in house.run("history", cy.user_id).output


def test_a_payment_whose_webhook_is_on_its_way_stops_the_downgrade(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        house.sandbox("advance", seconds=5 * 86_400)
        house.settle()
        pays(house, cy, invoice)
        worker.run_until_idle()  # the payment is at Stripe only
        house.settle()
        worker.run_until_idle()

        assert (plan_of(cy), prices(house, cy)) == (PRO, [2900])


def test_a_customer_who_chose_another_plan_since_keeps_it(
    house: Installation, cy: Customer
) -> None:
    price = {"minor": 900, "currency": "usd"}
    house.call("PUT catalog/plans/basic", {"name": "B", "price": price, "interval": "month"})
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 5.2)
        cy.saves_card(VISA)
        cy.call("PUT plan", {"plan_id": "basic"})
        house.settle()
        pays(house, cy, invoice)
        moves(house, worker, 0.1)

        assert plan_of(cy) == "basic"


def test_a_late_webhook_of_a_renewal_shows_grace_and_not_loss(
    house: Installation, cy: Customer
) -> None:
    cy.saves_card(VISA)
    ends = paid_until(cy)
    with house.mishaps(drop="999"):
        house.days_pass((ends - house.now()).total_seconds() / 86_400 + 3)
    late = paid_until(cy), cy.may_use(f"plan:{PRO}")
    assert house.run("backfill").exit_code == 0
    house.settle()

    assert late == (ends, True)
    assert paid_until(cy) > ends


def test_replaying_and_rebuilding_asks_stripe_for_nothing(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        fails(house, cy)
        moves(house, worker, 5.2)
        before = [each["id"] for each in house.at_stripe("GET /v1/events")["data"]]
        assert house.run("rebuild", "--yes").exit_code == 0
        worker.run_until_idle()
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        worker.run_until_idle()

    house.settle()
    assert [each["id"] for each in house.at_stripe("GET /v1/events")["data"]] == before


def covered_until(house: Installation, invoice: str) -> datetime:
    """The end of what a bill pays for, as Stripe tells it."""
    lines = house.at_stripe(f"GET /v1/invoices/{invoice}")["lines"]["data"]
    return datetime.fromtimestamp(max(each["period"]["end"] for each in lines), UTC)
