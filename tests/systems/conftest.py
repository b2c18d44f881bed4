"""An installation for each file, and customers of each test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.databases import fresh_database
from tests.systems.customers import Customer
from tests.systems.installation import Installation, installed


@pytest.fixture(scope="module")
def house(server_url: str, template: str) -> Iterator[Installation]:
    """An installation the tests of a file share."""
    with fresh_database(server_url, "systems", template) as url, installed(url) as found:
        yield found


@pytest.fixture
def nobody(house: Installation) -> Customer:
    """A user who was never registered."""
    return Customer(house, house.new_id("user"))


@pytest.fixture
def new_customer(house: Installation) -> Callable[[], Customer]:
    """Registers users, each for this test alone."""

    def new() -> Customer:
        found = Customer(house, house.new_id("user"))
        found.registers()
        return found

    return new


@pytest.fixture
def ann(new_customer: Callable[[], Customer]) -> Customer:
    """Somebody registered."""
    return new_customer()
