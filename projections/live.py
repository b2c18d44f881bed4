"""Brings the tables of one generation forward by a batch of records, exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace
from psycopg import Connection, Cursor

from ledger.store.log import Record
from projections.engine import Folding, Rows
from projections.generations import Generation, Generations, Moved, OtherShape, shape
from projections.projection import Key, Projection
from projections.tables import Table, tables


class LiveTables:
    """The tables of `generation`, each batch in one transaction with the position it reaches.

    Two round trips: lock the position and load the touched rows, then write and commit. Raises
    OtherShape when the tables are of another release's shape.
    """

    def __init__(
        self, schema: str, projections: Sequence[Projection], generation: Generation
    ) -> None:
        if generation.shape != shape(projections):
            raise OtherShape(generation.number)
        self.generation = generation
        self._folding = Folding(projections)
        self._tables = tables(schema, projections, generation.number)
        self._lock = Generations(schema).lock(generation.number)
        self._move = Generations(schema).move(generation.number)

    def apply(self, connection: Connection[Any], page: Sequence[Record]) -> None:
        """Fold records that follow the position, and save them and it.

        Raises Moved, and changes nothing, when the position is not where we left it.
        """
        self._folding.clear()
        found = self._folding.touch(page)
        with connection.pipeline(), connection.transaction():
            lock = connection.execute(self._lock, prepare=True)
            loads = self._ask(connection)
            self._check(lock)
            before = self._load(loads)
            self._folding.apply(found)
            self._save(connection, before)
            connection.execute(self._move, [page[-1][0]], prepare=True)
        self.generation = replace(self.generation, position=page[-1][0])

    def _ask(self, connection: Connection[Any]) -> list[tuple[str, Cursor[Any]]]:
        touched = self._folding.touched.items()
        return [(name, self._tables[name].load(connection, keys)) for name, keys in touched if keys]

    def _check(self, lock: Cursor[Any]) -> None:
        row = lock.fetchone()
        found = Generation(*row) if row else None
        if found != self.generation:
            raise Moved(self.generation, found)

    def _load(self, loads: Sequence[tuple[str, Cursor[Any]]]) -> dict[str, Rows]:
        """Puts the touched rows in place; returns them as they were."""
        before = {name: self._tables[name].rows_by_key(cursor) for name, cursor in loads}
        for name, rows in before.items():
            self._folding.rows[name].update(rows)
        return before

    def _save(self, connection: Connection[Any], before: Mapping[str, Rows]) -> None:
        for name, rows_before in before.items():
            after = self._folding.rows[name]
            changed = [row for key, row in after.items() if rows_before.get(key) != row]
            gone = [key for key in rows_before if key not in after]
            _write(connection, self._tables[name], changed, gone)


def _write(
    connection: Connection[Any], table: Table, changed: Sequence[Any], gone: Sequence[Key]
) -> None:
    if changed:
        table.upsert(connection, changed)
    if gone:
        table.delete(connection, gone)
