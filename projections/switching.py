"""Writes a generation of tables whole, and lets readers pass over to it without noticing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from psycopg import Connection

from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.engine import Rows
from projections.generations import Generation, Generations
from projections.live import LiveTables
from projections.projection import Projection
from projections.projector import batch
from projections.schema import VIEWS_LOCK, connect, without_stopping_readers
from projections.tables import tables
from projections.views import create_views

FILLERS = 2  # while the server builds one table's indexes, we write another's rows


def fill(
    url: str,
    names: Names,
    projections: Sequence[Projection],
    number: int,
    rows: Mapping[str, Rows],
) -> None:
    """Make the tables of generation `number` with these rows; it is not listed yet."""
    made = tables(names.projections, projections, number)

    def fill_one(name: str) -> None:
        with connect(url, names) as connection, connection.transaction():
            made[name].create(connection)
            made[name].fill(connection, rows[name].values())
            made[name].create_indexes(connection)

    largest_first = sorted(made, key=lambda name: -len(rows[name]))
    with ThreadPoolExecutor(FILLERS) as fillers:
        list(fillers.map(fill_one, largest_first))


def switch(
    connection: Connection[Any],
    reader: LogReader,
    names: Names,
    projections: Sequence[Projection],
    to: Generation,
) -> Generation:
    """Catch generation `to` up with the current one, and make it the current one.

    The projector is held up for a moment only, and then goes on with the new tables. Raises
    OtherShape when `to` was made by a release with other columns.
    """
    generations = Generations(names.projections)

    def caught_up(live: LiveTables) -> LiveTables:
        while live.generation.position < generations.current(connection).position:
            live.apply(connection, batch(reader, live.generation.position))
        return live

    def pass_over() -> None:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [VIEWS_LOCK])
        # Nobody moves the current tables from here on.
        connection.execute(generations.lock(generations.current(connection).number))
        caught_up(LiveTables(names.projections, projections, near))
        generations.make_current(connection, to.number)
        create_views(connection, names, projections, to.number)

    near = caught_up(LiveTables(names.projections, projections, to)).generation
    without_stopping_readers(connection, pass_over)
    return generations.current(connection)
