"""Plans: free from sign-up, upgraded with a card, downgraded, one at any instant."""

from __future__ import annotations

import pytest

from tests.systems.customers import Customer
from tests.systems.installation import Installation

STARTER, PREMIUM = "plan:starter", "plan:premium"


@pytest.fixture(scope="module", autouse=True)
def plans(house: Installation) -> None:
    """A free plan everybody starts with, and one for 19 dollars a month."""
    for plan_id, minor in (("starter", 0), ("premium", 1900)):
        price = {"minor": minor, "currency": "usd"}
        terms = {"name": plan_id.title(), "price": price, "interval": "month"}
        house.call(f"PUT catalog/plans/{plan_id}", {**terms, "starter": minor == 0})


def test_signing_up_makes_a_customer_on_the_free_starter_plan(
    house: Installation, nobody: Customer
) -> None:
    registered = nobody.registers()
    house.settle()

    again = nobody.registers()

    assert again == registered
    subscription = house.at_stripe(f"GET /v1/subscriptions/{registered['starter_subscription_id']}")
    [item] = subscription["items"]["data"]
    assert subscription["customer"] == registered["provider_customer_id"]
    assert (item["price"]["unit_amount"], item["price"]["recurring"]["interval"]) == (0, "month")
    assert subscription["status"] == "active"
    assert (nobody.may_use(STARTER), nobody.may_use(PREMIUM)) == (True, False)
    [period] = nobody.finance("plan_periods")
    assert (period["plan_id"], period["held_until"]) == ("starter", None)
