"""A Stripe that fails, or answers nothing or half, changes nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.providers.stripe.inventory import LISTINGS
from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import Installation
from tests.systems.reconciling import NOW, between, planned, reconciled, told


@pytest.fixture
def bea(new_customer: Callable[[], Customer], house: Installation) -> Customer:
    """Somebody with a paid plan, all of which is in the tables."""
    return planned(house, new_customer())


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


def more(path: str, answer: Json) -> Json:
    """There is always more."""
    return {**answer, "has_more": bool(answer["data"])}


@pytest.mark.parametrize("lies", [empty, half, endless])
def test_a_stripe_that_lists_nothing_or_half_of_it_changes_nobody(
    house: Installation, bea: Customer, lies: Callable[[str, Json], Json]
) -> None:
    before, standing = told(house), bea.rows("subscriptions")
    with between(house, lies) as api:
        for more in ((), ("--repair",), ("--repair", "--yes", "0"), ("--repair", "--yes", "7")):
            assert house.run("reconcile", *NOW, *more, STRIPE_API_BASE=api).exit_code == 1

    house.settle()
    assert told(house) == before
    assert bea.rows("subscriptions") == standing


def test_the_same_page_for_ever_is_no_list(house: Installation, bea: Customer) -> None:
    with between(house, more, starting_after=None) as api:
        refused = house.run("reconcile", *NOW, "--repair", "--json", STRIPE_API_BASE=api)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "the same page twice" in refused.stderr


def test_an_error_between_two_pages_ends_the_run(
    house: Installation, bea: Customer, new_customer: Callable[[], Customer]
) -> None:
    new_customer()
    house.settle()
    before, pages = told(house), []

    def breaks(path: str, answer: Json) -> Json:
        pages.append(path)
        if pages.count("/v1/customers") > 1:
            raise ConnectionError(path)
        return answer

    with between(house, breaks, limit="1") as api:
        failed = house.run("reconcile", *NOW, "--repair", "--yes", "1", STRIPE_API_BASE=api)

    assert failed.exit_code == 1
    assert "Stripe does not answer as it should" in failed.stderr
    assert told(house) == before


def test_of_many_pages_none_is_left_out(house: Installation, bea: Customer) -> None:
    with between(house, lambda path, answer: answer, limit="1") as api:
        found = reconciled(house, STRIPE_API_BASE=api)

    assert found == reconciled(house)
    assert found["events"] > 10


def test_an_empty_answer_ends_the_run_before_anything_is_found_to_differ(
    house: Installation, bea: Customer
) -> None:
    with between(house, empty) as api:
        refused = house.run("reconcile", *NOW, "--repair", "--json", STRIPE_API_BASE=api)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Stripe lists no customers at all" in refused.stderr
    assert "nothing is changed" in refused.stderr


@pytest.mark.parametrize("number", range(len(LISTINGS) + 2))  # and the time, and events
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
    house: Installation, bea: Customer, new_customer: Callable[[], Customer]
) -> None:
    planned(house, new_customer())  # half of two is not nobody
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
