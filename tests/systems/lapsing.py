"""Somebody whose card pays no more, and a reactor at the stand-in's time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest

from ledger.reactions.worker import ReactionWorker
from ledger.settings import Settings
from tests.systems.customers import DECLINED_LATER, VISA, Customer
from tests.systems.installation import ENVIRONMENT, Installation

STARTER, PRO = "starter", "pro"
OWN = {"BILLING_DUNNING": "own:5"}


@pytest.fixture
def cy(house: Installation, new_customer: Callable[[], Customer]) -> Customer:
    """Somebody on a paid plan, whose card will not pay the next bill."""
    for plan_id, minor in ((STARTER, 0), (PRO, 2900)):
        price = {"minor": minor, "currency": "usd"}
        terms = {"name": plan_id, "price": price, "interval": "month", "starter": minor == 0}
        house.call(f"PUT catalog/plans/{plan_id}", terms)
    with reacting(house):
        pass  # what comes from now on is reacted to
    cy = new_customer()
    cy.saves_card(VISA)
    cy.call("PUT plan", {"plan_id": PRO})
    house.settle()
    cy.saves_card(DECLINED_LATER)
    return cy


@contextmanager
def reacting(house: Installation, **settings: str) -> Iterator[ReactionWorker]:
    """A reactor of the installation, whose time is the stand-in's."""
    found = Settings.from_environment({**environment(house), **settings})
    with closing(ReactionWorker(found, house.url, house.now)) as worker:
        worker.run_until_idle()
        yield worker


def environment(house: Installation) -> dict[str, str]:
    """By which unpaid plans end."""
    own = {"STRIPE_API_BASE": house.settings.api_base, "BILLING_DUNNING_DOWNGRADE": "starter"}
    return {**ENVIRONMENT, **own}


def moves_with_another(house: Installation) -> None:
    """A day passes, with a reactor of its own."""
    with reacting(house, **OWN) as worker:
        moves(house, worker, 0.1)


def moves(house: Installation, worker: ReactionWorker, days: float) -> None:
    """Time does, and everybody works off what comes of it."""
    house.days_pass(days)
    for _ in range(3):
        worker.run_until_idle()
        house.settle()


def fails(house: Installation, cy: Customer) -> str:
    """The next bill is not paid; its id."""
    house.days_pass((paid_until(cy) - house.now()).total_seconds() / 86_400 + 0.1)
    [bill] = house.at_stripe("GET /v1/invoices", customer=customer_id(cy), status="open")["data"]
    found: str = bill["id"]
    return found


def pays(house: Installation, cy: Customer, invoice: str) -> None:
    """With a card that works, which then pays from now on."""
    card = cy.saves_card(VISA)
    house.at_stripe(f"POST /v1/invoices/{invoice}/pay", payment_method=card)


def customer_id(cy: Customer) -> str:
    found: str = cy.finance("subscriptions")[0]["provider_customer_id"]
    return found


def plan_of(cy: Customer) -> str | None:
    """The plan they hold."""
    held = [row for row in cy.rows("plan-periods") if row["held_until"] is None]
    return held[0]["plan_id"] if held else None


def prices(house: Installation, cy: Customer) -> list[int]:
    """What their subscriptions that are not over cost at Stripe."""
    listed = house.at_stripe("GET /v1/subscriptions", customer=customer_id(cy))["data"]
    return [each["items"]["data"][0]["price"]["unit_amount"] for each in listed]


def changes(house: Installation, cy: Customer) -> list[str]:
    """The plans they held, from the paid one on: the first starter may have held no second."""
    query = "SELECT plan_id FROM finance.plan_periods WHERE customer_id = %s ORDER BY held_from"
    held = [row["plan_id"] for row in house.finance(query, cy.user_id)]
    return held[held.index(PRO) :]


def money(cy: Customer) -> int:
    """All they ever paid."""
    return sum(row["amount_paid_minor"] for row in cy.finance("paid_invoices"))


def paid_until(cy: Customer) -> datetime:
    """Until when the plan is paid for."""
    found: datetime = max(
        row["paid_until"] for row in cy.finance("entitlements") if row["feature"] == f"plan:{PRO}"
    )
    return found
