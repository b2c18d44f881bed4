"""A projection's table in one generation: made, loaded, changed, filled and scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from projections.projection import Key, Projection
from projections.rows import Row
from projections.statements import definitions, indexes, statements

SCAN_ROWS = 5_000
_encode = msgspec.json.Encoder().encode


class Table:
    """Where the rows of `projection` live in generation `number`.

    Rows travel to the server as one JSON text a batch: as quick as binary arrays here, and text[]
    columns, which unnest would flatten, need nothing special.
    """

    def __init__(self, schema: str, projection: Projection, number: int) -> None:
        self.projection = projection
        self.name = f"{projection.name}_{number}"
        self.identifier = SQL("{}.{}").format(Identifier(schema), Identifier(self.name))
        self._key_of = key_of(projection)
        self._read = _reader(projection)
        self._sql = statements(self.identifier, projection)

    # ---- a batch ----

    def load(self, connection: Connection[Any], keys: Iterable[Key]) -> Cursor[TupleRow]:
        """Asks for the rows with these keys; read them with `rows_by_key`."""
        cursor: Cursor[TupleRow] = connection.cursor(binary=True)
        return cursor.execute(self._sql.load, [self._json(keys)], prepare=True)

    def rows_by_key(self, cursor: Cursor[TupleRow]) -> dict[Key, Row]:
        """What `load` asked for."""
        rows = map(self._read, cursor.fetchall())
        return {self._key_of(row): row for row in rows}

    def upsert(self, connection: Connection[Any], rows: Iterable[Row]) -> None:
        """Puts rows in the place of those with the same keys."""
        connection.execute(self._sql.upsert, [_encode(list(rows)).decode()], prepare=True)

    def delete(self, connection: Connection[Any], keys: Iterable[Key]) -> None:
        """Takes rows away."""
        connection.execute(self._sql.delete, [self._json(keys)], prepare=True)

    # ---- the whole table ----

    def create(self, connection: Connection[Any]) -> None:
        """Makes the empty table, without its indexes."""
        connection.execute(definitions(self.identifier, self.projection))

    def create_indexes(self, connection: Connection[Any]) -> None:
        """The primary key, and what finance and the web look rows up by."""
        for statement in indexes(self.identifier, self.projection):
            connection.execute(statement)

    def fill(self, connection: Connection[Any], rows: Iterable[Row]) -> None:
        """Copies rows into the table, which this transaction has created.

        They are frozen at once, so that readers whose snapshot is older see them too: for them
        too a switch to this table must not look like an empty one.
        """
        convert = _writer(self.projection)
        with connection.cursor().copy(self._sql.copy) as copy:
            copy.set_types([each.sql_type for each in self.projection.columns])
            write = copy.write_row
            for row in rows:
                write(convert(row))

    def scan(self, connection: Connection[Any]) -> Iterator[Row]:
        """All rows in the order of their keys, a few thousand in memory at a time."""
        with connection.cursor(name=f"scan_{self.name}", binary=True) as cursor:
            cursor.itersize = SCAN_ROWS
            cursor.execute(self._sql.scan)
            yield from map(self._read, cursor)

    def stored_columns(self, connection: Connection[Any]) -> list[str]:
        """The names of the columns the table was made with; none if there is no such table."""
        query = (
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s)"
            " AND attnum > 0 AND NOT attisdropped"
        )
        name = self.identifier.as_string(connection)
        return [str(row[0]) for row in connection.execute(query, [name])]

    def _json(self, keys: Iterable[Key]) -> str:
        names = self.projection.key
        if len(names) == 1:
            return _encode([{names[0]: key} for key in keys]).decode()
        return _encode([dict(zip(names, key, strict=True)) for key in keys]).decode()


def key_of(projection: Projection) -> Callable[[Row], Key]:
    """The key of a row: a str, or a tuple of them."""
    return attrgetter(*projection.key)


def tables(schema: str, projections: Iterable[Projection], number: int) -> Mapping[str, Table]:
    """The tables of one generation by their projections' names."""
    return {each.name: Table(schema, each, number) for each in projections}


def _reader(projection: Projection) -> Callable[[TupleRow], Row]:
    """Turns what psycopg read into a row: arrays come as lists and are kept as tuples."""
    row, arrays = projection.row, _arrays(projection)

    def read(values: TupleRow) -> Row:
        if arrays:
            changed = list(values)
            for number in arrays:
                changed[number] = tuple(changed[number])
            return row(*changed)
        return row(*values)

    return read


def _writer(projection: Projection) -> Callable[[Row], list[Any]]:
    """Turns a row into what psycopg copies: a list, and lists instead of tuples in it."""
    values_of = attrgetter(*(each.name for each in projection.columns))
    arrays = _arrays(projection)

    def written(row: Row) -> list[Any]:
        values = list(values_of(row))
        for number in arrays:
            values[number] = list(values[number])
        return values

    return written


def _arrays(projection: Projection) -> list[int]:
    return [number for number, each in enumerate(projection.columns) if each.is_array]
