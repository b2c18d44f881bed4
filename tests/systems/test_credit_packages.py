"""A platform sells credits in packages: what is bought, paid and used up counts, once."""

from __future__ import annotations

import pytest

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import CREDITS, Installation


@pytest.fixture(scope="module", autouse=True)
def packages(house: Installation) -> list[Json]:
    """50 credits for 5 dollars, and 500 for 40; prices of one product."""
    house.at_stripe("POST /v1/products", id=CREDITS, name="Credits")
    return [sold(house, 50, 500), sold(house, 500, 4000)]


def test_packages_are_the_one_off_prices_of_one_product_as_stripe_has_them(
    house: Installation, packages: list[Json], ann: Customer
) -> None:
    small, large = packages

    listed = house.call("GET catalog/credit-packages")["data"]

    assert [each["price_id"] for each in listed] == [small["id"], large["id"]]
    assert listed[0] == {
        "price_id": small["id"],
        "amount": {"minor": 500, "currency": "usd"},
        "units": 50,
        "description": "50 credits",
    }
    assert ann.balance == 0


def sold(house: Installation, units: int, minor: int, **more: object) -> Json:
    """A package of so many credits, as staff make it at Stripe."""
    return house.at_stripe(
        "POST /v1/prices",
        product=CREDITS,
        currency="usd",
        unit_amount=minor,
        nickname=f"{units} credits",
        transform_quantity={"divide_by": units, "round": "up"},
        **more,
    )
