"""Packages of credits: as staff make them at Stripe, and as customers buy them."""

from __future__ import annotations

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import CREDITS, Installation

BACK = "https://lead.example/credits/thanks"
CARD = "4242424242424242"


def sold(house: Installation, units: int, minor: int) -> Json:
    """A package of so many credits, for so much."""
    return house.at_stripe(
        "POST /v1/prices",
        product=CREDITS,
        currency="usd",
        unit_amount=minor,
        nickname=f"{units} credits",
        transform_quantity={"divide_by": units, "round": "up"},
    )


def visits(customer: Customer, package: Json, packages: int = 1, hosted: bool = False) -> Json:
    """The payment page, opened and not used."""
    body = {"price_id": package["id"], "packages": packages, "return_url": BACK, "hosted": hosted}
    return customer.call("POST credit-sessions", body, key=customer.house.new_id("visit-"))


def pays_there(customer: Customer, visit: Json, card: str = CARD) -> Json:
    """The visitor enters a card number at Stripe's; the session as it is then."""
    return customer.house.sandbox(f"checkout/sessions/{visit['id']}/pay", card=card)


def buys(customer: Customer, package: Json, packages: int = 1) -> str:
    """A purchase that is paid, with its webhooks in; the id of the payment."""
    done = pays_there(customer, visits(customer, package, packages))
    customer.house.settle()
    return str(done["payment_intent"])


def spends(customer: Customer, credits: int, key: str = "") -> Json:
    """Credits are used up; the wallet afterwards."""
    key = key or customer.house.new_id("job-")
    return customer.call("POST credits/spend", {"credits": credits}, key=key)


def wallet(customer: Customer) -> tuple[int, int]:
    """What can be spent, and the shortfall; the same in our API and in finance's view."""
    told = customer.call("GET balance")
    [row] = customer.finance("balances")
    assert told == {name: row[name] for name in told}
    return told["available"], told["shortfall"]
