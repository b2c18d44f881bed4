"""What `billing reconcile` finds at a Stripe that is missed, wrong, empty or broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import msgspec
import pytest
from flask import Flask, Response, request

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import Installation
from web.sandbox.api.server import serving

NOW = ("--in-flight-minutes", "0")


@pytest.fixture
def bea(new_customer: Callable[[], Customer], house: Installation) -> Customer:
    """Somebody with a paid plan, all of which is in the tables."""
    bea = new_customer()
    plan_id = house.new_id("plan")
    terms = {"name": "Plan", "price": {"minor": 900, "currency": "usd"}, "interval": "month"}
    house.call(f"PUT catalog/plans/{plan_id}", terms)
    bea.call("POST subscriptions", {"plan_id": plan_id, "card_id": bea.saves_card()})
    house.settle()
    return bea


def test_where_all_came_in_nothing_differs(house: Installation, bea: Customer) -> None:
    found = reconciled(house)

    assert found["differences"] == []
    assert {"customers", "subscriptions", "invoices", "payments", "charges"} <= {
        kind for kind, rows in found["compared"].items() if rows
    }


def test_what_never_came_is_reported_and_changes_nothing(
    house: Installation, bea: Customer
) -> None:
    lose(house, bea)
    before = told(house)

    found = reconciled(house)

    subscription = bea.rows("subscriptions")[0]["subscription_id"]
    assert [
        each["columns"]["status"]
        for each in found["differences"]
        if (each["kind"], each["key"]) == ("subscriptions", subscription)
    ] == [["active", "canceled"]]
    assert told(house) == before
    repair(house)


def test_a_repair_fetches_the_lost_events_and_then_nothing_differs(
    house: Installation, bea: Customer
) -> None:
    lose(house, bea)

    done = repair(house)

    assert (done["events"] > 0, done["objects"]) == (True, 0)
    assert bea.rows("subscriptions")[0]["status"] == "canceled"
    assert reconciled(house)["differences"] == []


def test_what_no_event_tells_any_more_is_repaired_by_the_object_itself(
    house: Installation, bea: Customer
) -> None:
    lose(house, bea)
    with between(house, without_events) as api:
        done = repair(house, STRIPE_API_BASE=api)

    assert (done["events"], done["objects"] > 0) == (0, True)
    assert bea.rows("subscriptions")[0]["status"] == "canceled"
    assert reconciled(house)["differences"] == []
    query = "SELECT count(*) AS n FROM finance.deliveries WHERE type = 'subscription.fetched'"
    assert house.finance(query)[0]["n"] >= 1


def test_a_repair_of_many_stops_unless_their_number_is_named(
    house: Installation, bea: Customer, new_customer: Callable[[], Customer]
) -> None:
    for _ in range(4):
        new_customer()
    house.settle()
    with house.mishaps(drop="99"):
        for each in house.at_stripe("GET /v1/customers")["data"][:4]:
            house.at_stripe(f"POST /v1/customers/{each['id']}", name="Other")
    lose(house, bea)
    house.settle()
    count = len(reconciled(house)["differences"])
    before = told(house)

    stopped = house.run("reconcile", *NOW, "--repair")
    other = house.run("reconcile", *NOW, "--repair", "--yes", str(count + 1))

    assert f"--yes {count}" in stopped.output
    assert (stopped.exit_code, other.exit_code) == (1, 1)
    assert told(house) == before
    repair(house)


def empty(path: str, answer: Json) -> Json:
    """Every list is empty."""
    return {**answer, "data": [], "has_more": False}


def half(path: str, answer: Json) -> Json:
    """Of every list only the first half comes, as if it were all."""
    data = answer["data"]
    return {**answer, "data": data[: len(data) // 2], "has_more": False}


def endless(path: str, answer: Json) -> Json:
    """An empty page that says there is more."""
    return {**answer, "data": [], "has_more": True}


def without_events(path: str, answer: Json) -> Json:
    """Stripe lists events for thirty days only."""
    return {**answer, "data": [], "has_more": False} if path == "/v1/events" else answer


@pytest.mark.parametrize("lies", [empty, half, endless])
def test_a_stripe_that_lists_nothing_or_half_of_it_changes_nobody(
    house: Installation, bea: Customer, lies: Callable[[str, Json], Json]
) -> None:
    before, standing = told(house), bea.rows("subscriptions")
    with between(house, lies) as api:
        for more in ((), ("--repair",), ("--repair", "--yes", "0")):
            assert house.run("reconcile", *NOW, *more, STRIPE_API_BASE=api).exit_code == 1

    house.settle()
    assert told(house) == before
    assert bea.rows("subscriptions") == standing


@pytest.mark.parametrize("number", range(7))  # there are so many lists
def test_an_error_at_any_list_changes_nobody(
    house: Installation, bea: Customer, number: int
) -> None:
    before = told(house)
    answers = {f"answers[{n}]": "200" if n < number else "500" for n in range(number + 5)}
    with house.mishaps(**answers):
        failed = house.run("reconcile", *NOW, "--repair", "--yes", "1")

    assert failed.exit_code == 1
    assert told(house) == before


def test_an_approved_repair_of_what_was_not_listed_asks_for_each_and_changes_nobody(
    house: Installation, bea: Customer
) -> None:
    standing = bea.rows("subscriptions")
    with between(house, half) as api:
        differences = len(reconciled(house, STRIPE_API_BASE=api)["differences"])
        done = house.run(
            "reconcile", *NOW, "--repair", "--yes", str(differences), STRIPE_API_BASE=api
        )

    house.settle()
    assert done.exit_code == 0, done.output
    assert bea.rows("subscriptions") == standing
    assert reconciled(house)["differences"] == []


def test_tables_that_are_behind_are_not_compared(house: Installation, bea: Customer) -> None:
    bea.call("PUT", {"email": bea.email, "name": "Other"})
    house.at_stripe("POST /v1/customers", email="x@example.org")
    house.arrive()

    behind = house.run("reconcile", *NOW)

    assert behind.exit_code == 1
    assert "behind" in behind.output
    house.settle()


def test_what_is_in_flight_is_not_compared(house: Installation, bea: Customer) -> None:
    lose(house, bea)

    found = house.run("reconcile", "--json")

    assert msgspec.json.decode(found.stdout)["differences"] == []
    repair(house)


def lose(house: Installation, bea: Customer) -> None:
    """Somebody's subscription is cancelled, and no webhook says so."""
    subscription = bea.rows("subscriptions")[0]["subscription_id"]
    with house.mishaps(drop="9"):
        house.at_stripe(f"DELETE /v1/subscriptions/{subscription}")
    house.settle()


def reconciled(house: Installation, **settings: str) -> Json:
    result = house.run("reconcile", *NOW, "--json", **settings)
    assert result.stdout.startswith("{"), result.output
    found: Json = msgspec.json.decode(result.stdout)
    return found


def repair(house: Installation, **settings: str) -> Json:
    """All that differs, approved by its number, and worked off."""
    count = len(reconciled(house, **settings)["differences"])
    words = ("reconcile", *NOW, "--repair", "--yes", str(count), "--json")
    result = house.run(*words, **settings)
    assert result.exit_code == 0, result.output
    house.settle()
    done: Json = msgspec.json.decode(result.stdout)["repaired"]
    return done


def told(house: Installation) -> int:
    """How many deliveries there are."""
    count: int = house.finance("SELECT count(*) AS n FROM finance.deliveries")[0]["n"]
    return count


@contextmanager
def between(house: Installation, lies: Callable[[str, Json], Json]) -> Iterator[str]:
    """Something that answers lists in Stripe's place, and not as Stripe does."""
    app = Flask("between")

    @app.get("/<path:path>")
    def answer(path: str) -> Response:
        url = f"{house.settings.api_base}/{path}?{request.query_string.decode()}"
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in ("Authorization", "Stripe-Version", "Stripe-Account")
        }
        with urlopen(Request(url, headers=headers)) as found:  # noqa: S310 - the stand-in's address
            told: Any = json.load(found)
        changed = lies(f"/{path}", told) if told.get("object") == "list" else told
        return Response(json.dumps(changed), mimetype="application/json")

    with serving(app) as address:
        yield address
