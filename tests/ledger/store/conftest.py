"""Recorders and readers on a fresh database, and databases in which nothing was made yet."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from ledger.store.datastore import Datastore
from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from tests.support.databases import fresh_database

NewRecorder = Callable[..., GroupCommitRecorder]


@pytest.fixture
def new_recorder(database_url: str) -> Iterator[NewRecorder]:
    """Makes recorders on the ledger's store: `new_recorder(url=..., limit_seconds=...)`."""
    with ExitStack() as stack:

        def make(url: str = database_url, limit_seconds: float = 60.0) -> GroupCommitRecorder:
            datastore = Datastore(url, Names.ledger, limit_seconds=limit_seconds)
            stack.callback(datastore.close)
            return GroupCommitRecorder(datastore)

        yield make


@pytest.fixture
def recorder(new_recorder: NewRecorder) -> GroupCommitRecorder:
    return new_recorder()


@pytest.fixture
def reader(database_url: str) -> Iterator[LogReader]:
    log = LogReader(database_url, Names.ledger, limit_seconds=60.0)
    yield log
    log.close()


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """A database in which nothing was made yet."""
    with fresh_database(server_url, "empty") as url:
        yield url


@pytest.fixture
def own_names(server_url: str, empty_url: str) -> Iterator[Names]:
    """Roles nobody else uses; they belong to the server, so they are dropped afterwards."""
    tag = uuid.uuid4().hex[:8]
    names = Names(
        owner=f"owner_{tag}",
        writer=f"writer_{tag}",
        reader=f"reader_{tag}",
        auditor=f"auditor_{tag}",
    )
    yield names
    with psycopg.connect(empty_url, autocommit=True) as database:
        # Who may have granted comes before those granted to: only with its giver does a right go.
        made = [each for each in (f"app_{tag}", *names.roles) if _is_role(database, each)]
        for statement in ("DROP OWNED BY {} CASCADE", "DROP ROLE {}"):
            for role in made:
                database.execute(SQL(statement).format(Identifier(role)))


def _is_role(database: psycopg.Connection, name: str) -> bool:
    found = database.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
    return found.fetchone() is not None


@pytest.fixture
def app_url(empty_url: str, own_names: Names) -> str:
    """The address for a user without any privilege of its own."""
    user = own_names.owner.replace("owner", "app")
    with psycopg.connect(empty_url, autocommit=True) as admin:
        admin.execute(
            SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(Identifier(user), Literal("made up"))
        )
    return make_conninfo(empty_url, user=user, password="made up")
