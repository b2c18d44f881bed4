"""What tests of projections share: a database with the ledger's tables and finance's."""

import pytest

from projections.schema import migrate


@pytest.fixture
def tables_url(database_url: str) -> str:
    """The address of a fresh database whose tables are there and empty."""
    migrate(database_url)
    return database_url
