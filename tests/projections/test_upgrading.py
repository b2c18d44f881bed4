"""A release with other columns makes its tables by itself, unless its rows are other ones too."""

from __future__ import annotations

import threading

import pytest

from projections.generations import Generation, Generations, shape
from projections.registry import PROJECTIONS
from projections.schema import connect, migrate
from projections.upgrading import RowsDiffer, bring_up
from tests.projections.ledger import NAMES, append, finance, project, stored
from tests.projections.test_rebuild import spending

OLDER = (
    "ALTER TABLE billing_projections.balances_1 DROP COLUMN spent CASCADE",
    "DROP TABLE billing_projections.plan_periods_1 CASCADE",
    "DROP TABLE billing_projections.customers_1 CASCADE",
    "UPDATE billing_projections.generations SET shape = 'of yesterday'",
)
"""What makes the tables look as if a release before this one had made them."""


@pytest.fixture
def older_url(database_url: str) -> str:
    """A ledger of two wallets whose tables an older release has made."""
    migrate(database_url)
    append(database_url, [*spending(1), *spending(2)])
    project(database_url)
    execute(database_url, *OLDER)
    return database_url


def execute(url: str, *statements: str) -> None:
    with connect(url, NAMES) as connection:
        for each in statements:
            connection.execute(each)


def current(url: str) -> Generation:
    with connect(url, NAMES) as connection:
        return Generations(NAMES.projections).current(connection)


def test_tables_of_this_release_are_left_alone(tables_url: str) -> None:
    assert not bring_up(tables_url, NAMES)
    assert current(tables_url).number == 1


def test_other_columns_and_tables_are_made_beside_the_old_ones(older_url: str) -> None:
    assert bring_up(older_url, NAMES)

    assert current(older_url).shape == shape(PROJECTIONS)
    assert len(stored(older_url)["balances"]) == 2
    with finance(older_url) as reader:
        spent = reader.execute("SELECT sum(spent) FROM finance.balances").fetchone()
    assert spent == (2,)


def test_where_rows_differ_a_person_is_asked_and_nothing_is_changed(older_url: str) -> None:
    execute(older_url, "UPDATE billing_projections.balances_1 SET granted = granted + 1")

    with pytest.raises(RowsDiffer, match=r"other rows of balances: .*billing rebuild"):
        bring_up(older_url, NAMES)

    assert current(older_url).number == 1


def test_a_worker_that_is_stopped_meanwhile_leaves_it_to_the_next(older_url: str) -> None:
    stop = threading.Event()
    stop.set()

    assert not bring_up(older_url, NAMES, stop)
    assert current(older_url).number == 1
    assert bring_up(older_url, NAMES)
