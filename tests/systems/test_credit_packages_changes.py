"""What becomes of credits afterwards: used up, taken back, paid for late, and read again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.systems.calling import Json, Refused
from tests.systems.customers import Customer
from tests.systems.installation import CREDITS, Installation
from tests.systems.packages import BACK, buys, pays_there, sold, spends, visits, wallet
from tests.systems.telling import posted

BANK_ACCOUNT, EMPTY_BANK_ACCOUNT = "000123456789", "000222222227"


@pytest.fixture(scope="module", autouse=True)
def small(house: Installation) -> Json:
    """50 credits for 5 dollars."""
    house.at_stripe("POST /v1/products", id=CREDITS, name="Credits")
    return sold(house, 50, 500)


# ---- used up -------------------------------------------------------------------------------------


def test_credits_are_used_up_and_never_more_than_there_are(
    house: Installation, ann: Customer, small: Json
) -> None:
    buys(ann, small)

    assert spends(ann, 30)["available"] == 20
    told = ann.refused("POST credits/spend", {"credits": 21}, key="too-many")
    assert told == (409, "InsufficientCredits")
    assert spends(ann, 20)["available"] == 0
    house.settle()

    assert wallet(ann) == (0, 0)


def test_credits_used_up_by_many_at_once_are_never_less_than_none(
    house: Installation, ann: Customer, small: Json
) -> None:
    buys(ann, small)

    def told(number: int) -> tuple[int, str]:
        try:
            spends(ann, 20, key=f"job-{number}")
        except Refused as refusal:
            return refusal.told
        return (200, "")

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(told, range(6)))
    house.settle()

    assert answers == [(200, "")] * 2 + [(409, "InsufficientCredits")] * 4
    assert wallet(ann) == (10, 0)


def test_a_use_that_is_told_again_counts_once(
    house: Installation, ann: Customer, small: Json
) -> None:
    buys(ann, small)

    told = [spends(ann, 30, key="job-17")["available"] for _ in range(3)]
    house.settle()

    assert told == [20, 20, 20]
    assert wallet(ann) == (20, 0)
    assert ann.refused("POST credits/spend", {"credits": 1}, key="job-17") == (422, "KeyReused")


# ---- taken back ----------------------------------------------------------------------------------


def test_a_refund_takes_its_share_of_the_credits_back(
    house: Installation, ann: Customer, small: Json
) -> None:
    payment = buys(ann, small)

    house.at_stripe("POST /v1/refunds", payment_intent=payment, amount=200)
    house.settle()

    assert wallet(ann) == (30, 0)
    [purchase] = ann.finance("purchases")
    assert (purchase["status"], purchase["refunded_minor"]) == ("partially_refunded", 200)


def test_a_refund_of_credits_used_up_leaves_a_shortfall_to_see_which_later_credits_fill(
    house: Installation, ann: Customer, small: Json
) -> None:
    payment = buys(ann, small)
    spends(ann, 40)

    house.at_stripe("POST /v1/refunds", payment_intent=payment)
    house.settle()

    assert wallet(ann) == (0, 40)
    told = ann.refused("POST credits/spend", {"credits": 1}, key="no-more")
    assert told == (409, "InsufficientCredits")
    buys(ann, small, packages=2)
    assert wallet(ann) == (60, 0)


def test_a_dispute_that_is_lost_takes_the_credits_back_and_one_that_is_won_does_not(
    house: Installation, ann: Customer, small: Json
) -> None:
    first, second = buys(ann, small), buys(ann, small)
    spends(ann, 70)
    lost = house.sandbox("disputes", payment_intent=first)
    won = house.sandbox("disputes", payment_intent=second)

    house.sandbox(f"disputes/{lost['id']}/decide", status="lost")
    house.sandbox(f"disputes/{won['id']}/decide", status="won")
    house.settle()

    assert wallet(ann) == (0, 20)
    statuses = {row["purchase_id"]: row["status"] for row in ann.finance("purchases")}
    assert statuses == {first: "dispute_lost", second: "paid"}


# ---- paid for late, or with more or less money ---------------------------------------------------


def test_money_that_takes_days_is_credited_when_it_is_there(
    house: Installation, ann: Customer, small: Json
) -> None:
    done = pays_there(ann, visits(ann, small), card=BANK_ACCOUNT)
    house.settle()
    assert (done["status"], done["payment_status"]) == ("complete", "unpaid")
    assert ann.balance == 0

    house.sandbox(f"payment_intents/{done['payment_intent']}/settle")
    house.settle()

    session = house.at_stripe(f"GET /v1/checkout/sessions/{done['id']}")
    assert session["payment_status"] == "paid"
    assert wallet(ann) == (50, 0)


def test_money_that_never_comes_is_never_credited(
    house: Installation, ann: Customer, small: Json
) -> None:
    done = pays_there(ann, visits(ann, small), card=EMPTY_BANK_ACCOUNT)
    house.days_pass(1)

    assert done["payment_status"] == "unpaid"
    assert ann.balance == 0
    assert ann.finance("purchases")[0]["status"] == "abandoned"


@pytest.mark.parametrize("inclusive", [False, True])
def test_credits_are_what_was_bought_whatever_the_tax_made_of_the_price(
    house: Installation, ann: Customer, small: Json, inclusive: bool
) -> None:
    """Stripe works tax out on its page: on top of the price, or out of it."""
    visit = visits(ann, small, packages=2)
    before = {event["id"] for event in events(house)}
    with house.mishaps(drop=99):
        pays_there(ann, visit)
    told = [event for event in events(house) if event["id"] not in before]

    for event in reversed(told):
        assert posted(house, taxed(event, 190, 1000 if inclusive else 1190)) == 200
    house.settle()

    assert wallet(ann) == (100, 0)
    [purchase] = ann.finance("purchases")
    assert purchase["paid_minor"] == (1000 if inclusive else 1190)


def test_a_package_for_nothing_by_a_coupon_is_credited(
    house: Installation, ann: Customer, small: Json
) -> None:
    coupon = house.at_stripe("POST /v1/coupons", percent_off=100, duration="once")["id"]
    opened = house.at_stripe(f"GET /v1/checkout/sessions/{visits(ann, small)['id']}")
    asked: dict[str, Any] = {name: opened[name] for name in ("customer", "metadata", "mode")}
    same = house.at_stripe(
        "POST /v1/checkout/sessions",
        **asked,
        client_reference_id=ann.user_id,
        line_items=[{"price": small["id"], "quantity": 50}],
        discounts=[{"coupon": coupon}],
        success_url=BACK,
    )

    done = pays_there(ann, same)
    house.settle()

    assert (done["payment_status"], done["payment_intent"]) == ("no_payment_required", None)
    assert done["amount_total"] == 0
    assert wallet(ann) == (50, 0)


def test_a_package_that_costs_nothing_is_credited(house: Installation, ann: Customer) -> None:
    done = pays_there(ann, visits(ann, sold(house, 7, 0)))
    house.settle()

    assert done["payment_status"] == "no_payment_required"
    assert wallet(ann) == (7, 0)


# ---- read again ----------------------------------------------------------------------------------


def test_a_package_changed_later_changes_nothing_that_was_bought_however_it_is_read_again(
    house: Installation, ann: Customer
) -> None:
    price = sold(house, 20, 300)
    buys(ann, price, packages=2)
    path = f"POST /v1/prices/{price['id']}"
    house.at_stripe(path, active="false", nickname="5 credits", metadata={"credits": "5"})
    sold(house, 5, 300)
    house.settle()

    for again in (("rebuild", "--json"), ("reobserve",)):  # of our events, of Stripe's webhooks
        result = house.run(*again)
        assert result.exit_code == 0, result.output
    assert wallet(ann) == (40, 0)
    [purchase] = ann.finance("purchases")
    assert purchase["paid_minor"] == 600


# ---- how ----------------------------------------------------------------------------------------


def events(house: Installation) -> list[Json]:
    """Stripe's newest events, the newest first."""
    found: list[Json] = house.at_stripe("GET /v1/events", limit=100)["data"]
    return found


def taxed(event: Json, tax: int, total: int) -> Json:
    """An event of a payment of 10 dollars, had there been tax in the total."""
    told = event["data"]["object"]
    changed: Json = {name: total for name in AMOUNTS if told.get(name) == 1000}
    if "total_details" in told:
        changed["total_details"] = {**told["total_details"], "amount_tax": tax}
    return {**event, "data": {**event["data"], "object": {**told, **changed}}}


AMOUNTS = ("amount_total", "amount", "amount_received", "amount_captured")
