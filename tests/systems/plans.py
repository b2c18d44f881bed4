"""Plans as they are offered, held and paid for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec

from tests.systems.calling import Json
from tests.systems.customers import DECLINED_LATER, Customer
from tests.systems.installation import Installation

STARTER, PREMIUM = "plan:starter", "plan:premium"
TO_STARTER, TO_PREMIUM = {"plan_id": "starter"}, {"plan_id": "premium"}


def offers(house: Installation, plan_id: str, minor: int, interval: str = "month") -> Json:
    """A plan of the catalog; one that costs nothing is what everybody starts with."""
    terms = {"name": plan_id.title(), "price": {"minor": minor, "currency": "usd"}}
    more = {"interval": interval, "starter": minor == 0}
    return house.call(f"PUT catalog/plans/{plan_id}", {**terms, **more})


def upgraded(customer: Customer, plan_id: str = "premium") -> Json:
    """Who has saved a card is on a plan that costs something; the subscription."""
    customer.saves_card()
    changed = customer.call("PUT plan", {"plan_id": plan_id})
    customer.house.settle()
    return changed


def may(customer: Customer) -> tuple[bool, bool]:
    """Whether they may use what Starter gives, and what Premium gives."""
    return customer.may_use(STARTER), customer.may_use(PREMIUM)


def active(customer: Customer) -> list[str]:
    """The features that their rows say they may use at the stand-in's time."""
    now = customer.house.now()
    return [
        row["feature"]
        for row in customer.finance("entitlements")
        if row["granted_at"] <= now and (row["ends_at"] is None or now < row["ends_at"])
    ]


def subscriptions(customer: Customer) -> list[Json]:
    """All that Stripe ever had for them, whatever became of it."""
    found: list[Json] = customer.house.at_stripe(
        "GET /v1/subscriptions",
        customer=customer.registers()["provider_customer_id"],
        status="all",
    )["data"]
    return found


def paid_until(customer: Customer, feature: str = PREMIUM) -> datetime:
    """As finance reads it."""
    [row] = [each for each in customer.finance("entitlements") if each["feature"] == feature]
    until: datetime = row["paid_until"]
    return until


def period_end(customer: Customer) -> datetime:
    """Of the one subscription they have, as Stripe has it."""
    [subscription] = subscriptions(customer)
    [item] = subscription["items"]["data"]
    return datetime.fromtimestamp(item["current_period_end"], UTC)


def held(customer: Customer) -> list[tuple[str, bool]]:
    """Their plans in the order of time, and whether each holds; one follows on the other."""
    periods = sorted(customer.finance("plan_periods"), key=lambda row: row["held_from"])
    for before, after in pairwise(periods):
        assert before["held_until"] <= after["held_from"]
    return [(row["plan_id"], row["held_until"] is None) for row in periods]


def renews_in_vain(customer: Customer, feature: str = PREMIUM) -> None:
    """The card is replaced by one that is declined, and a day ago the paid period ended."""
    house = customer.house
    customer.saves_card(DECLINED_LATER)
    left = paid_until(customer, feature) - house.now()
    house.days_pass(left / timedelta(days=1) + 1)


def reason(customer: Customer, feature: str = PREMIUM) -> str:
    """Why they may use a feature now, or may not, as it is explained."""
    at = customer.house.now().isoformat()
    asked = ("explain", "entitlement", customer.user_id, feature, "--at", at, "--json")
    result = customer.house.run(*asked)
    assert result.exit_code == 0, result.output
    [told] = msgspec.json.decode(result.stdout)["rows"]
    found: str = told["row"]["reason"]
    return found
