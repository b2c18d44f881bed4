"""A database that somebody with every right edits, and where an edit has to show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.sealing.seal import Seal, read_seal
from ledger.sealing.sheet import Sheet
from ledger.sealing.store import SealStore
from tests.ledger.sealing.given import NAMES


class Place(NamedTuple):
    """Where an edit has to show first: a position of a log, or one of its seals; and as what."""

    log: str
    position: int | None
    seal: int | None
    problems: frozenset[str]


class Scene(NamedTuple):
    """A database to edit, what it holds, and chance."""

    connection: Connection[Any]
    random: Random
    log: str
    schema: str
    folder: Path | None

    @property
    def sealed(self) -> list[int]:
        """The positions that seals close."""
        return [position for sheet in self.sheets for position, _ in sheet]

    @property
    def sheets(self) -> list[Sheet]:
        stored = SealStore(NAMES.ledger).after(self.connection, self.log, 0)
        return [each.sheet for each in stored if each.sheet]

    @property
    def seals(self) -> list[Seal]:
        stored = SealStore(NAMES.ledger).after(self.connection, self.log, 0)
        return [each for each in (read_seal(each.line) for each in stored) if each]

    def run(self, statement: LiteralString, *values: object) -> None:
        """Executes a statement; `{events}` is the log's table."""
        table = SQL("{}.events").format(Identifier(self.schema))
        self.connection.execute(SQL(statement).format(events=table), values)

    def change(self, assignments: LiteralString, *values: object) -> None:
        """Updates the entry at a position, which is the last of `values`."""
        query = SQL("UPDATE {}.events SET {} WHERE notification_id = %s")
        self.connection.execute(query.format(Identifier(self.schema), SQL(assignments)), values)

    def at(self, position: int, *problems: str) -> Place:
        return Place(self.log, position, None, frozenset(problems))

    def in_seal(self, number: int, *problems: str) -> Place:
        return Place(self.log, None, number, frozenset(problems))

    def put(self, seal: Seal, sheet: Sheet | None = None) -> None:
        """Writes a seal over the one of its number."""
        self.run(
            "UPDATE billing_ledger.seals SET seal = %s, leaves = coalesce(%s, leaves)"
            " WHERE log = %s AND number = %s",
            *(seal.line, sheet.to_bytes() if sheet else None, self.log, seal.number),
        )


Edit = Callable[[Scene], Place]
