"""What the auditor's tests look at: one ledger that has lived, read and never written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from ledger.clerk import Rules
from ledger.store.names import Names
from replay.past import Past
from replay.whose import Place, Whose
from tests.conftest import at_database
from tests.replay.living import BROKEN, SCOPE, lived


@pytest.fixture(scope="session")
def lived_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a ledger that has lived through a year. Only for reading."""
    with lived_database(server_url, template) as url:
        yield url


@contextmanager
def lived_database(server_url: str, template: str, then: Rules = BROKEN) -> Iterator[str]:
    """A database of its own whose ledger has lived through a year, dropped afterwards."""
    name = f"billing_lived_{uuid.uuid4().hex[:12]}"
    clone = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(clone.format(Identifier(name), Identifier(template)))
        url = at_database(server_url, name)
        lived(url, then)
        yield url
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture
def past(lived_url: str) -> Iterator[Past]:
    """Its history."""
    with Past(lived_url, Names()) as found:
        yield found


@pytest.fixture
def whose(past: Past, lived_url: str) -> Whose:
    """What finds streams in it."""
    return Whose(past, Place(lived_url, Names(), SCOPE))
