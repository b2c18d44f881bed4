"""An installation for each file, and customers of each test's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.conftest import at_database
from tests.systems.customers import Customer
from tests.systems.installation import Installation, installed


@pytest.fixture(scope="module")
def house(server_url: str, template: str) -> Iterator[Installation]:
    """An installation the tests of a file share."""
    name = f"billing_systems_{uuid.uuid4().hex[:12]}"
    create = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(create)
        with installed(at_database(server_url, name)) as found:
            yield found
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


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
