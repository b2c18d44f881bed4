"""Plans that are to end in a starter plan nobody has made yet."""

from __future__ import annotations

from collections.abc import Callable

from tests.systems.customers import DECLINED_LATER, VISA, Customer
from tests.systems.installation import Installation
from tests.systems.lapsing import OWN, PRO, STARTER, fails, moves, plan_of, reacting


def offers(house: Installation, plan_id: str, minor: int) -> None:
    price = {"minor": minor, "currency": "usd"}
    terms = {"name": plan_id, "price": price, "interval": "month", "starter": not minor}
    house.call(f"PUT catalog/plans/{plan_id}", terms)


def test_without_a_starter_plan_it_waits_for_a_person_to_make_one(
    house: Installation, new_customer: Callable[[], Customer]
) -> None:
    offers(house, PRO, 2900)
    with reacting(house, **OWN) as worker:
        cy = new_customer()
        cy.saves_card(VISA)
        cy.call("PUT plan", {"plan_id": PRO})
        house.settle()
        cy.saves_card(DECLINED_LATER)
        fails(house, cy)
        moves(house, worker, 0.1)
        moves(house, worker, 5.2)

        assert "refused: NoStarterPlan" in house.run("reactions", "list").output
        assert plan_of(cy) == PRO

        offers(house, STARTER, 0)
        assert house.run("reactions", "retry", "--all").exit_code == 0
        moves(house, worker, 0.1)

        assert plan_of(cy) == STARTER
