"""Generations: whole sets of tables, of which one is current and seen by finance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.errors import UndefinedTable
from psycopg.sql import SQL, Composed, Identifier

from ledger.errors import LedgerError
from projections.projection import Projection


class Generation(msgspec.Struct, frozen=True):
    """One set of tables, folded up to `position` of the Ledger; `shape` names their columns."""

    number: int
    position: int
    current: bool
    shape: str


class NoGeneration(LedgerError):
    def __init__(self) -> None:
        super().__init__("there are no tables yet: run `billing migrate`")


class OtherShape(LedgerError):
    """The tables were made by a release whose projections have other columns."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"the tables of generation {number} have other columns than this release writes: "
            "run `billing rebuild`"
        )


class Moved(LedgerError):
    """Somebody else brought the tables forward, or switched to others: they are at work."""

    def __init__(self, expected: Generation, found: Generation | None) -> None:
        self.expected = expected
        self.found = found
        super().__init__(
            f"generation {expected.number} was left at position {expected.position}; "
            f"somebody else has moved on to {found}"
        )


class Generations:
    """The list of generations in one schema."""

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self._table = SQL("{}.generations").format(Identifier(schema))

    def create(self, connection: Connection[Any]) -> None:
        """Makes the list where it is missing."""
        connection.execute(_CREATE.format(self._table))
        connection.execute(_ONE_CURRENT.format(self._table))

    def all(self, connection: Connection[Any]) -> list[Generation]:
        """Every generation, by number."""
        return self._read(connection, SQL("ORDER BY number"))

    def current(self, connection: Connection[Any]) -> Generation:
        """The one finance sees. Raises NoGeneration before the first migration."""
        try:
            return self._read(connection, SQL("WHERE current"))[0]
        except (UndefinedTable, IndexError) as error:
            raise NoGeneration from error

    def add(self, connection: Connection[Any], new: Generation) -> None:
        insert = SQL("INSERT INTO {} (number, position, current, shape) VALUES (%s, %s, %s, %s)")
        connection.execute(insert.format(self._table), msgspec.structs.astuple(new))

    def make_current(self, connection: Connection[Any], number: int) -> None:
        """Lets `number` be the current one, in the caller's transaction."""
        off = SQL("UPDATE {} SET current = false WHERE current").format(self._table)
        on = SQL("UPDATE {} SET current = true WHERE number = %s").format(self._table)
        connection.execute(off)
        connection.execute(on, [number])

    def remove(self, connection: Connection[Any], number: int) -> None:
        delete = SQL("DELETE FROM {} WHERE number = %s").format(self._table)
        connection.execute(delete, [number])

    def tables(self, connection: Connection[Any], number: int) -> list[Composed]:
        """The tables of a generation, whatever release made them."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE %s"
        found = connection.execute(query, [self._schema, rf"%\_{number}"])
        return [SQL("{}.{}").format(Identifier(self._schema), Identifier(row[0])) for row in found]

    def lock(self, number: int) -> Composed:
        """The query that reads one generation and keeps others from moving it meanwhile."""
        return SQL(_SELECT + " WHERE number = {} FOR UPDATE").format(self._table, number)

    def move(self, number: int) -> Composed:
        """The statement that saves a generation's position, its only parameter."""
        update = SQL("UPDATE {} SET position = %s, moved_at = now() WHERE number = {}")
        return update.format(self._table, number)

    def _read(self, connection: Connection[Any], which: SQL) -> list[Generation]:
        query = SQL(_SELECT + " {}").format(self._table, which)
        return [Generation(*row) for row in connection.execute(query)]


def shape(projections: Sequence[Projection]) -> str:
    """A short name for the columns of all tables: two releases of one shape may share tables."""
    declared = [
        (each.name, each.key, [(c.name, c.sql_type, c.nullable) for c in each.columns])
        for each in projections
    ]
    return hashlib.sha256(msgspec.json.encode(declared)).hexdigest()[:16]


_SELECT = "SELECT number, position, current, shape FROM {}"
_CREATE = SQL(
    "CREATE TABLE IF NOT EXISTS {} (number integer PRIMARY KEY, position bigint NOT NULL,"
    " current boolean NOT NULL, shape text NOT NULL,"
    " created_at timestamptz NOT NULL DEFAULT now(), moved_at timestamptz NOT NULL DEFAULT now())"
    " WITH (fillfactor = 20)"
)
_ONE_CURRENT = SQL(
    "CREATE UNIQUE INDEX IF NOT EXISTS generations_current ON {} (current) WHERE current"
)
