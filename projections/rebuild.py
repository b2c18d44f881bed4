"""Folds all history into a fresh generation, compares it with what was live, and switches to it.

Readers see the old tables until the switch and the new ones from then on; the projector goes on
all the while.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.errors import LockNotAvailable

from ledger.errors import LedgerError
from ledger.store.log import LogReader
from ledger.store.names import Names, lock_key
from projections.ahead import ahead
from projections.comparison import Difference, compare, narrowed, narrowed_rows
from projections.engine import PAGE_RECORDS, Folding
from projections.generations import Generation, Generations, shape
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.schema import connect, drop_tables
from projections.switching import Switch, fill
from projections.tables import Table

Report = Callable[[int], None]
"""Told the position that is reached."""

_log = logging.getLogger(__name__)


class RebuildRunning(LedgerError):
    def __init__(self) -> None:
        super().__init__("another rebuild is running")


class NothingToGoBackTo(LedgerError):
    def __init__(self) -> None:
        super().__init__("no earlier generation of tables is kept")


class Rebuild:
    """One rebuild; use it as a context, in which no other rebuild runs. Raises RebuildRunning."""

    def __init__(
        self, url: str, names: Names, projections: Sequence[Projection] = PROJECTIONS
    ) -> None:
        self._url = url
        self._names = names
        self._projections = projections
        self._generations = Generations(names.projections)
        self._reader = LogReader(url, names.ledger)
        self._folding = Folding(projections)
        self._lock = lock_key(f"rebuild of {names.projections}")

    def __enter__(self) -> Rebuild:
        self._connection = connect(self._url, self._names)
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [self._lock]).fetchone()
        if row is None or not row[0]:
            self._connection.close()
            raise RebuildRunning
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(psycopg.Error):  # hanging up would do, but a moment later
            self._connection.execute("SELECT pg_advisory_unlock(%s)", [self._lock])
        self._connection.close()
        self._reader.close()

    @property
    def end(self) -> int:
        """The position the live tables have reached."""
        return self._generations.current(self._connection).position

    def fold(self, report: Report = lambda position: None) -> None:
        """Fold all history up to where the live tables are, in memory."""
        self._fold_to(self.end, report)

    def compare(self) -> list[Difference]:
        """How the folded rows differ from the live ones, at one and the same position."""
        with connect(self._url, self._names) as snapshot:
            snapshot.isolation_level = IsolationLevel.REPEATABLE_READ
            with snapshot.transaction():
                live = self._generations.current(snapshot)
                self._fold_to(live.position)
                return [self._difference(snapshot, each, live) for each in self._projections]

    def write(self) -> Generation:
        """Copy the folded rows into tables of their own; nobody sees them yet."""
        self._drop_superseded()
        number = 1 + max(each.number for each in self._generations.all(self._connection))
        drop_tables(self._connection, self._names, number)  # of a rebuild that was interrupted
        fill(self._url, self._names, self._projections, number, self._folding.rows)
        new = Generation(number, self._folding.position, False, shape(self._projections))
        self._generations.add(self._connection, new)
        return new

    def switch(self, to: Generation) -> Generation:
        """Catch up with the live tables, and let finance see generation `to` from now on."""
        switch = Switch(self._connection, self._reader, self._names, self._projections)
        return switch.to(to)

    def back(self) -> Generation:
        """Switch back to the generation before. Raises NothingToGoBackTo."""
        others = [each for each in self._generations.all(self._connection) if not each.current]
        if not others:
            raise NothingToGoBackTo
        return self.switch(others[-1])

    def _fold_to(self, end: int, report: Report = lambda position: None) -> None:
        for page in ahead(self._reader.pages(self._folding.position, PAGE_RECORDS, end)):
            self._folding.fold(page)
            report(self._folding.position)

    def _difference(
        self, snapshot: Connection[Any], projection: Projection, live: Generation
    ) -> Difference:
        schema, rows = self._names.projections, self._folding.rows[projection.name]
        stored = Table(schema, projection, live.number).stored_columns(snapshot)
        if not set(projection.key) <= set(stored):
            return msgspec.structs.replace(compare(projection, [], rows), is_new=not stored)
        shared = narrowed(projection, stored)
        if shared is not projection:
            rows = narrowed_rows(shared, rows)
        before = Table(schema, shared, live.number).scan(snapshot)
        return compare(shared, before, rows)

    def _drop_superseded(self) -> None:
        """Only the current generation is kept; the one before, until the next rebuild."""
        for each in self._generations.all(self._connection):
            if not each.current:
                try:
                    drop_tables(self._connection, self._names, each.number)
                except LockNotAvailable:
                    _log.warning("generation %s is being read still and is kept", each.number)
