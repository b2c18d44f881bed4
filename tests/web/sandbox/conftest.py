"""One year of many customers, shared by the tests that only look at it."""

from datetime import UTC, datetime

import pytest

from web.sandbox import Tables, Year, oracle, simulate

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def year() -> Year:
    """Enough customers for every story."""
    return simulate(seed=7, customers=160, start=START)


@pytest.fixture(scope="session")
def tables(year: Year) -> Tables:
    """The rows that year must lead to."""
    return oracle(year.truth)
