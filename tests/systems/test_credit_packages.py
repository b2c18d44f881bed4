"""A platform sells credits in packages: what Stripe says was paid for is credited, once."""

from __future__ import annotations

import msgspec
import pytest

from tests.systems.calling import Json, answered
from tests.systems.customers import Customer
from tests.systems.installation import CREDITS, Installation
from tests.systems.packages import BACK, buys, pays_there, sold, visits, wallet
from tests.systems.telling import broken, newest_told, posted, until_more_failed

COMPLETED = "checkout.session.completed"


@pytest.fixture(scope="module")
def large(house: Installation) -> Json:
    """500 credits for 40 dollars."""
    return sold(house, 500, 4000)


@pytest.fixture(scope="module", autouse=True)
def small(house: Installation) -> Json:
    """50 credits for 5 dollars."""
    house.at_stripe("POST /v1/products", id=CREDITS, name="Credits")
    return sold(house, 50, 500)


# ---- what is offered and asked for ---------------------------------------------------------------


def test_the_one_off_prices_of_one_product_are_listed_as_stripe_has_them(
    house: Installation, small: Json, large: Json
) -> None:
    other = house.at_stripe("POST /v1/products", name="Socks")["id"]
    house.at_stripe("POST /v1/prices", product=other, currency="usd", unit_amount=700)
    recurring = {"interval": "month"}
    monthly: Json = {"product": CREDITS, "unit_amount": 900, "recurring": recurring}
    house.at_stripe("POST /v1/prices", currency="usd", **monthly)

    listed = house.call("GET catalog/credit-packages")["data"]

    assert listed == [
        {"price_id": price["id"], "amount": usd(minor), "units": units, "description": text}
        for price, minor, units, text in (
            (small, 500, 50, "50 credits"),
            (large, 4000, 500, "500 credits"),
        )
    ]


def test_a_description_changed_at_stripe_is_listed_and_a_package_taken_off_sale_is_not(
    house: Installation, ann: Customer
) -> None:
    price = sold(house, 10, 150)
    house.at_stripe(f"POST /v1/prices/{price['id']}", nickname="A handful")
    assert "A handful" in {each["description"] for each in offered(house)}

    house.at_stripe(f"POST /v1/prices/{price['id']}", active="false")

    assert price["id"] not in {each["price_id"] for each in offered(house)}
    body = {"price_id": price["id"], "return_url": BACK}
    assert ann.refused("POST credit-sessions", body, key="late") == (404, "NotOffered")


def test_the_payment_page_is_opened_inside_ours_for_the_customer_stripe_has_for_the_user(
    house: Installation, nobody: Customer, small: Json
) -> None:
    visit = visits(nobody, small, packages=3)

    session = house.at_stripe(f"GET /v1/checkout/sessions/{visit['id']}")
    [customer] = [
        each
        for each in house.at_stripe("GET /v1/customers", limit=100)["data"]
        if each["metadata"].get("user_id") == nobody.user_id
    ]
    assert session["customer"] == customer["id"]
    assert (session["mode"], session["ui_mode"]) == ("payment", "embedded_page")
    assert (session["amount_total"], session["return_url"]) == (1500, BACK)
    assert visit["client_secret"] == session["client_secret"]
    assert (visit["status"], visit["url"]) == ("open", None)


def test_asked_again_with_the_same_key_it_is_the_same_visit(
    house: Installation, ann: Customer, small: Json
) -> None:
    body = {"price_id": small["id"], "return_url": BACK, "hosted": True}

    found = [ann.call("POST credit-sessions", body, key="click") for _ in range(2)]

    assert found[0] == found[1]
    assert found[0]["url"]
    told = ann.refused("POST credit-sessions", {**body, "packages": 2}, key="click")
    assert told == (422, "KeyTaken")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("STRIPE_CREDITS_PRODUCT_ID", "prod_"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_"),
        ("STRIPE_SECRET_KEY", "sk_"),
    ],
)
def test_keys_and_ids_of_another_kind_are_refused_at_start(
    house: Installation, name: str, start: str
) -> None:
    started = house.run("serve", **{name: "other_test_value"})

    assert started.exit_code != 0
    assert name in started.output
    assert start in started.output
    assert "other_test_value" not in started.output


# ---- what is credited ----------------------------------------------------------------------------


def test_what_was_paid_for_is_credited_by_the_webhook(
    house: Installation, ann: Customer, small: Json
) -> None:
    visit = visits(ann, small)
    assert ann.balance == 0
    done = pays_there(ann, visit)
    house.arrive()
    assert ann.balance == 0  # nobody has worked the webhook off
    house.settle()

    assert wallet(ann) == (50, 0)
    [purchase] = ann.finance("purchases")
    assert purchase["purchase_id"] == done["payment_intent"]
    assert (purchase["status"], purchase["paid_minor"]) == ("paid", 500)


def test_two_different_packages_add_up(ann: Customer, small: Json, large: Json) -> None:
    buys(ann, small, packages=3)
    buys(ann, large)

    assert wallet(ann) == (650, 0)
    assert [row["paid_minor"] for row in ann.finance("purchases")] in ([1500, 4000], [4000, 1500])


def test_coming_back_to_the_success_page_grants_nothing(
    house: Installation, ann: Customer, small: Json
) -> None:
    visit = visits(ann, small, hosted=True)
    claimed = msgspec.json.encode({"session_id": visit["id"], "status": "paid"})

    for path in (f"/credits/thanks?session_id={visit['id']}", f"/v1/credit-sessions/{visit['id']}"):
        assert answered(house.address, f"GET {path}", None, {})[0] == 404
        assert answered(house.address, f"POST {path}", claimed, {})[0] == 404
    house.settle()

    assert ann.balance == 0
    assert house.at_stripe(f"GET /v1/checkout/sessions/{visit['id']}")["status"] == "open"


@pytest.mark.parametrize("secret", [None, "", "whsec_of_somebody_else"])
def test_a_webhook_that_stripe_did_not_sign_is_refused_and_credits_nothing(
    house: Installation, ann: Customer, small: Json, secret: str | None
) -> None:
    event = lost_event(ann, visits(ann, small))

    assert posted(house, event, secret) == 400
    house.settle()

    assert ann.balance == 0
    assert posted(house, event) == 200
    house.settle()
    assert ann.balance == 50


def test_events_of_other_types_are_taken_and_credit_nothing(
    house: Installation, ann: Customer, small: Json
) -> None:
    event = lost_event(ann, visits(ann, small))
    other = {**event, "type": "checkout.session.of_another_type"}

    assert posted(house, other) == 200
    house.settle()

    assert ann.balance == 0


# ---- what may go wrong on the way ----------------------------------------------------------------


def test_a_webhook_that_cannot_be_kept_is_answered_an_error_and_credited_when_it_comes_again(
    house: Installation, ann: Customer, small: Json
) -> None:
    visit, failed = visits(ann, small), house.world.sender.failed
    with broken(house):
        pays_there(ann, visit)
        until_more_failed(house, failed)
        assert posted(house, newest_told(house, COMPLETED)) >= 500
        assert house.world.sender.pending > 0
    house.settle()

    assert wallet(ann) == (50, 0)
    assert ann.finance("purchases")[0]["status"] == "paid"


def test_the_same_event_many_times_and_in_any_order_is_credited_once(
    house: Installation, ann: Customer, small: Json
) -> None:
    visit = visits(ann, small, packages=2)
    with house.mishaps(duplicate=99, reorder=4):
        pays_there(ann, visit)
        house.arrive()
    house.settle()
    event = newest_told(house, COMPLETED)

    for _ in range(3):
        assert posted(house, event) == 200
        house.settle()

    assert wallet(ann) == (100, 0)
    assert len(ann.finance("purchases")) == 1


# ---- how ----------------------------------------------------------------------------------------


def offered(house: Installation) -> list[Json]:
    packages: list[Json] = house.call("GET catalog/credit-packages")["data"]
    return packages


def lost_event(customer: Customer, visit: Json) -> Json:
    """What Stripe would have told of a visit that is paid, had anything come through."""
    house = customer.house
    with house.mishaps(drop=99):
        pays_there(customer, visit)
    told = newest_told(house, COMPLETED)
    assert told["data"]["object"]["id"] == visit["id"]
    return told


def usd(minor: int) -> Json:
    return {"minor": minor, "currency": "usd"}
