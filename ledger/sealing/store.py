"""The seals in the database: read by anybody who verifies, added to by one function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from ledger.errors import LedgerError
from ledger.sealing.seal import Seal, read_seal
from ledger.sealing.sheet import Sheet

_SELECT = "SELECT number, seal, leaves FROM {}.seals WHERE log = %s"


class Stored(NamedTuple):
    """A seal as it is stored, whatever somebody may have made of it."""

    number: int
    line: str
    leaves: bytes

    @property
    def sheet(self) -> Sheet | None:
        return Sheet.from_bytes(self.leaves)


class SealOvertaken(LedgerError):
    """Another sealer closed this stretch first."""

    def __init__(self, log: str, number: int, last: int) -> None:
        super().__init__(f"seal {number} of the {log} does not follow seal {last}: not added")


class SealUnreadable(LedgerError):
    """Nothing can continue a seal that is none: somebody rewrote it."""

    def __init__(self, log: str, number: int) -> None:
        super().__init__(f"seal {number} of the {log} is no seal any more: see `billing verify`")


class SealStore:
    """The seals of one ledger, by log and number. Connections are the caller's."""

    def __init__(self, schema: str) -> None:
        self._schema = Identifier(schema)

    def last(self, connection: Connection[Any], log: str) -> Seal | None:
        """The newest seal, if there is any. Raises SealUnreadable."""
        found = self._read(connection, SQL(_SELECT + " ORDER BY number DESC LIMIT 1"), log)
        return self._seal(log, found[0]) if found else None

    def get(self, connection: Connection[Any], log: str, number: int) -> Stored | None:
        """One seal."""
        found = self._read(connection, SQL(_SELECT + " AND number = %s"), log, number)
        return found[0] if found else None

    def covering(self, connection: Connection[Any], log: str, position: int) -> Stored | None:
        """The first seal that goes as far as `position`. Raises SealUnreadable."""
        low, high = 1, self.count(connection, log)
        while low < high:
            middle = (low + high) // 2
            stored = self._line(connection, log, middle)
            if stored is None or self._seal(log, stored).last < position:
                low = middle + 1
            else:
                high = middle
        found = self.get(connection, log, low)
        return found if found and self._seal(log, found).last >= position else None

    def numbers(self, connection: Connection[Any], log: str) -> list[int]:
        """Every number there is, in order."""
        query = SQL("SELECT number FROM {}.seals WHERE log = %s ORDER BY number")
        return [row[0] for row in connection.execute(query.format(self._schema), [log])]

    def count(self, connection: Connection[Any], log: str) -> int:
        """The newest seal's number; 0 before the first."""
        query = SQL("SELECT coalesce(max(number), 0) FROM {}.seals WHERE log = %s")
        row = connection.execute(query.format(self._schema), [log]).fetchone()
        return int(row[0]) if row else 0

    def after(self, connection: Connection[Any], log: str, number: int) -> Iterator[Stored]:
        """The seals that follow, one at a time."""
        for each in self.numbers(connection, log):
            found = self.get(connection, log, each) if each > number else None
            if found is not None:
                yield found

    def add(self, connection: Connection[Any], seal: Seal, sheet: Sheet) -> None:
        """Keeps a seal that follows the last one. Raises SealOvertaken, and keeps nothing."""
        row = connection.execute(
            self._add(), [seal.log, seal.number, seal.line, sheet.to_bytes()]
        ).fetchone()
        assert row is not None
        if row[0] != seal.number - 1:
            raise SealOvertaken(seal.log, seal.number, row[0])

    def _add(self) -> Composed:
        call = SQL("SELECT {}.add_seal(%s::text, %s::bigint, %s::text, %s::bytea)")
        return call.format(self._schema)

    def _read(
        self, connection: Connection[Any], query: SQL, log: str, *more: object
    ) -> list[Stored]:
        rows = connection.execute(query.format(self._schema), [log, *more]).fetchall()
        return [Stored(number, line or "", bytes(leaves or b"")) for number, line, leaves in rows]

    def _line(self, connection: Connection[Any], log: str, number: int) -> Stored | None:
        """As `get`, without the leaves."""
        query = SQL("SELECT number, seal, ''::bytea FROM {}.seals WHERE log = %s AND number = %s")
        found = self._read(connection, query, log, number)
        return found[0] if found else None

    @staticmethod
    def _seal(log: str, stored: Stored) -> Seal:
        seal = read_seal(stored.line)
        if seal is None:
            raise SealUnreadable(log, stored.number)
        return seal
