"""The projector: follows the Ledger and keeps the current tables up with it, exactly once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from time import monotonic

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg.errors import ProgramLimitExceeded

from ledger.store.connection import BoundedConnection, conninfo, session
from ledger.store.log import LogReader, Record
from ledger.store.names import Names
from ledger.store.waker import Waker
from projections.generations import Generations, Moved
from projections.live import LiveTables
from projections.projection import Projection
from projections.registry import PROJECTIONS

BATCH_RECORDS = 2_000
BATCH_BYTES = 4 * 1024 * 1024
LIMIT_SECONDS = 60.0  # for one batch
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
UNREACHABLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # a primary that became a standby
    OperationalError,
)

# Whatever the tables' statistics say, a batch looks its rows up by their keys.
_SESSION = {
    "timezone": "UTC",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

_log = logging.getLogger(__name__)


class Projector:
    """Works for one thread. Of two at work one goes on, and the other's batch raises Moved."""

    def __init__(
        self, url: str, names: Names, projections: Sequence[Projection] = PROJECTIONS
    ) -> None:
        self._names = names
        self._projections = projections
        self._reader = LogReader(url, names.ledger)
        self._conninfo = conninfo(url, {**session(names.writer, LIMIT_SECONDS), **_SESSION})
        self._connection: BoundedConnection[tuple[object, ...]] | None = None
        self._live: LiveTables | None = None

    def run(self, waker: Waker, stop: threading.Event) -> None:
        """Works until `stop` is set; a database out of reach is waited for.

        Raises Moved when another projector is at work, OtherShape when the tables are of another
        release's shape.
        """
        pause_seconds = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            try:
                if not self.work_batch():
                    waker.wait()
                pause_seconds = FIRST_PAUSE_SECONDS
            except ProgramLimitExceeded:  # though the driver takes it for a passing trouble
                raise
            except UNREACHABLE as problem:
                _log.warning("the projector waits for the database: %s", problem)
                self.close()
                stop.wait(pause_seconds)
                pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)

    def run_until_idle(self) -> int:
        """Folds all there is; returns how many events that were."""
        done = 0
        while count := self.work_batch():
            done += count
        return done

    def work_batch(self) -> int:
        """Folds the next events into the tables; returns how many that were."""
        live, connection = self._ready()
        page = batch(self._reader, live.generation.position)
        if not page:
            return 0
        connection.deadline = monotonic() + LIMIT_SECONDS
        try:
            live.apply(connection, page)
        except Moved as moved:
            self._live = None
            if moved.found is None or not moved.found.current:
                return self.work_batch()  # a rebuild has switched to other tables: go on there
            raise
        return len(page)

    def close(self) -> None:
        """Hang up; the next batch starts from what is stored."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._live = None, None
        self._reader.close()

    def _ready(self) -> tuple[LiveTables, BoundedConnection[tuple[object, ...]]]:
        if self._connection is None:
            self._connection = BoundedConnection.connect(self._conninfo, autocommit=True)
        if self._live is None:
            schema = self._names.projections
            generation = Generations(schema).current(self._connection)
            self._live = LiveTables(schema, self._projections, generation)
        return self._live, self._connection


def batch(reader: LogReader, position: int) -> list[Record]:
    """The next events after `position`, as many as one transaction should take."""
    page = reader.after(position, BATCH_RECORDS)
    size_bytes = 0
    for number, (_, _, state) in enumerate(page):
        size_bytes += len(state)
        if size_bytes > BATCH_BYTES:
            return page[: max(1, number)]
    return page
