"""What tests share: a throw-away PostgreSQL for a run, a fresh migrated database for a test."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.throwaway import own_folder, throwaway
from tests.support.databases import fresh_database, name_of

# A slow machine is no bug, so nothing is timed; a failing example is printed for replay.
hypothesis.settings.register_profile(
    "exploring",  # `make fuzz`: other examples each time
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
# The same examples each time: what fails does so because of a change, and fails again.
_exploring = hypothesis.settings.get_profile("exploring")
hypothesis.settings.register_profile("house", _exploring, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make fuzz` asks for more than a run of all tests has time for."""
    parser.addoption("--fuzz-inputs", type=int, default=2_000, help="for each test in tests/fuzz")
    parser.addoption("--fuzz-seed", type=int, default=1, help="the same seed, the same inputs")


def pytest_configure() -> None:
    """Keep tests away from the database of whoever runs them."""
    os.environ.pop("DATABASE_URL", None)


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a server, so that they can be run against another one."""
    for item in items:
        if "server_url" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server to make databases on: TEST_DATABASE_URL, else a throw-away cluster of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    else:
        with throwaway() as url:
            yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """The name of a migrated database nobody connects to, ready to be copied."""
    with fresh_database(server_url, "template") as url:
        migrated(url)
        yield name_of(url)


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a fresh, migrated, empty database, dropped after the test."""
    with fresh_database(server_url, "test", template) as url:
        yield url


@pytest.fixture
def crash_cluster() -> Iterator[EmbeddedPostgres]:
    """A durable, migrated server on disk of the test's own, which it may kill and start again."""
    with (
        own_folder(Path(tempfile.gettempdir())) as folder,
        EmbeddedPostgres(folder / "home") as server,
    ):
        migrated(server.url)
        yield server


def migrated(url: str) -> None:
    """Make the schema, as a deployment would."""
    from ledger.store.schema import migrate  # here, so that tests without a database need no store

    migrate(url)


@pytest.fixture
def auditor_url(database_url: str) -> Iterator[str]:
    """The same database's address, for a user who is an auditor and nothing else."""
    with auditor_of(database_url) as url:
        yield url


@contextmanager
def auditor_of(url: str) -> Iterator[str]:
    """The address of a database for a new user who is an auditor, dropped afterwards."""
    user = f"ada_{uuid.uuid4().hex[:8]}"
    create = SQL("CREATE ROLE {} LOGIN PASSWORD 'made up' IN ROLE billing_auditor")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(create.format(Identifier(user)))
        yield make_conninfo(url, user=user, password="made up")
        admin.execute(SQL("DROP ROLE {}").format(Identifier(user)))
