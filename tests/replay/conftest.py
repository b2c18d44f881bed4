"""What the auditor's tests look at: one ledger that has lived, read and never written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ledger.clerk import Rules
from ledger.store.names import Names
from replay.past import Past
from replay.whose import Place, Whose
from tests.replay.living import BROKEN, SCOPE, lived
from tests.support.databases import fresh_database


@pytest.fixture(scope="session")
def lived_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a ledger that has lived through a year. Only for reading."""
    with lived_database(server_url, template) as url:
        yield url


@contextmanager
def lived_database(server_url: str, template: str, then: Rules = BROKEN) -> Iterator[str]:
    """A database of its own whose ledger has lived through a year, dropped afterwards."""
    with fresh_database(server_url, "lived", template) as url:
        lived(url, then)
        yield url


@pytest.fixture
def past(lived_url: str) -> Iterator[Past]:
    """Its history."""
    with Past(lived_url, Names()) as found:
        yield found


@pytest.fixture
def whose(past: Past, lived_url: str) -> Whose:
    """What finds streams in it."""
    return Whose(past, Place(lived_url, Names(), SCOPE))
