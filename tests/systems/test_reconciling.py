"""What `billing reconcile` finds where something was missed, and how it is repaired."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from tests.systems.customers import Customer
from tests.systems.installation import Installation
from tests.systems.reconciling import (
    NOW,
    between,
    kinds_that_differ,
    lose,
    planned,
    reconciled,
    repair,
    told,
    without_events,
)


@pytest.fixture
def bea(new_customer: Callable[[], Customer], house: Installation) -> Customer:
    """Somebody with a paid plan, all of which is in the tables."""
    return planned(house, new_customer())


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
    assert kinds_that_differ(house) == {"events"}
    repair(house)
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
