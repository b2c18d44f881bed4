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


class Switch:
    """Lets finance pass from the current generation to another, which catches up first.

    The projector is held up for a moment only, and then goes on with the new tables.
    """

    def __init__(
        self,
        connection: Connection[Any],
        reader: LogReader,
        names: Names,
        projections: Sequence[Projection],
    ) -> None:
        self._connection = connection
        self._reader = reader
        self._names = names
        self._projections = projections
        self._generations = Generations(names.projections)

    def to(self, generation: Generation) -> Generation:
        """Make `generation` the current one; returns it as it is then.

        Raises OtherShape when it was made by a release with other columns.
        """
        near = self._caught_up(generation)
        without_stopping_readers(self._connection, lambda: self._pass_over(near))
        return self._generations.current(self._connection)

    def _pass_over(self, near: Generation) -> None:
        """In one transaction, in which nobody moves the current tables or replaces the views."""
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", [VIEWS_LOCK])
        current = self._generations.current(self._connection)
        self._connection.execute(self._generations.lock(current.number))
        self._caught_up(near)
        self._generations.make_current(self._connection, near.number)
        create_views(self._connection, self._names, self._projections, near.number)

    def _caught_up(self, generation: Generation) -> Generation:
        """The generation, folded at least as far as the current one is."""
        live = LiveTables(self._names.projections, self._projections, generation)
        while live.generation.position < self._generations.current(self._connection).position:
            live.apply(self._connection, batch(self._reader, live.generation.position))
        return live.generation
