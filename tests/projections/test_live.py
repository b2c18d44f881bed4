"""Live tables, rebuilt ones and those as of a moment say the same about any history."""

from itertools import pairwise
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.event import Event
from projections.engine import fold_until
from projections.fingerprint import current_fingerprint, fingerprint
from projections.generations import Generation, Generations, Moved, OtherShape, shape
from projections.live import LiveTables
from projections.registry import PROJECTIONS
from projections.schema import connect
from projections.switching import fill
from projections.tables import tables
from tests.projections.given import WALLET, Log, given, records
from tests.projections.histories import histories
from tests.projections.ledger import NAMES, stored

SCHEMA = NAMES.projections


def cuts(events: list[Event], data: st.DataObject) -> list[int]:
    """Where a history is cut into batches."""
    inside = st.lists(st.integers(0, len(events)), max_size=4)
    return sorted({0, len(events), *data.draw(inside)})


def emptied(connection: psycopg.Connection[Any]) -> Generation:
    """The first generation as it was when it was made, and no second one."""
    for name, table in tables(SCHEMA, PROJECTIONS, 1).items():
        connection.execute(SQL("TRUNCATE {}").format(table.identifier))
        second = Identifier(SCHEMA, f"{name}_2")
        connection.execute(SQL("DROP TABLE IF EXISTS {}").format(second))
    connection.execute(Generations(SCHEMA).move(1), [0])
    return Generations(SCHEMA).current(connection)


@examples(events=histories(), data=st.data())
@settings(
    max_examples=40,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,  # each example empties its tables
        HealthCheck.too_slow,
    ],
)
def test_batches_a_rebuild_and_memory_agree(
    tables_url: str, events: list[Event], data: st.DataObject
) -> None:
    log = records(events)
    in_memory = fold_until(Log(events), PROJECTIONS)
    with connect(tables_url, NAMES) as connection:
        live = LiveTables(SCHEMA, PROJECTIONS, emptied(connection))

        for start, end in pairwise(cuts(events, data)):
            live.apply(connection, log[start:end])
        fill(tables_url, NAMES, PROJECTIONS, 2, in_memory)

        assert stored(tables_url) == in_memory
        assert stored(tables_url, number=2) == in_memory
        assert current_fingerprint(tables_url, NAMES)[1] == fingerprint(in_memory)


def test_a_batch_that_was_folded_already_is_not_folded_again(tables_url: str) -> None:
    first = Generation(1, 0, True, shape(PROJECTIONS))
    page = records(given(WALLET, Spent(key="k", credits=1, totals=Totals(9, 1))))
    with connect(tables_url, NAMES) as connection:
        one, other = (LiveTables(SCHEMA, PROJECTIONS, first) for _ in range(2))
        one.apply(connection, page)

        with pytest.raises(Moved, match="position 0"):
            other.apply(connection, page)

        assert Generations(SCHEMA).current(connection).position == page[-1][0]


def test_a_batch_that_fails_leaves_nothing_behind(tables_url: str) -> None:
    too_much = given(WALLET, Spent(key="k", credits=1, totals=Totals(2**63)))
    with connect(tables_url, NAMES) as connection:
        live = LiveTables(SCHEMA, PROJECTIONS, Generations(SCHEMA).current(connection))

        with pytest.raises(psycopg.DataError):
            live.apply(connection, records(too_much))

        assert stored(tables_url)["balances"] == {}
        assert Generations(SCHEMA).current(connection).position == 0


def test_tables_of_another_shape_are_not_written() -> None:
    with pytest.raises(OtherShape, match="billing rebuild"):
        LiveTables(SCHEMA, PROJECTIONS, Generation(1, 0, True, "of yesterday"))
