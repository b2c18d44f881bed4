"""The library's datastore on one URL: a bounded pool that survives forks and failovers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from eventsourcing import persistence as library
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.rows import DictRow, dict_row

from ledger.store.connection import LIMIT_SECONDS, BoundedConnection, conninfo, session
from ledger.store.errors import translated
from ledger.store.forks import abandon, renew_after_fork
from ledger.store.names import Names
from ledger.store.patience import Patience

Answer = TypeVar("Answer")
Connection = BoundedConnection[DictRow]
UNREACHABLE = (library.InterfaceError, library.OperationalError)
_LONGEST_WAIT_IN_POOL_SECONDS = 0.5


class Datastore(PostgresDatastore):
    """Connections to one schema, speaking as `role`; opened on first use, again in every child."""

    pool: ConnectionPool[Connection]  # type: ignore[assignment]  # of our own kind

    def __init__(
        self,
        url: str,
        schema: str,
        *,
        role: str = Names.writer,
        pool_size: int = 5,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        super().__init__("", "", "", "", "", schema=schema, originator_id_type="text")
        self.limit_seconds = limit_seconds
        self._conninfo = conninfo(url, session(role, limit_seconds))
        self._pool_size = pool_size
        self.pool = self._new_pool()
        renew_after_fork(self)

    def renew(self) -> None:
        abandon(self.pool)
        self.pool = self._new_pool()

    @contextmanager
    def connection(self, patience: Patience) -> Iterator[Connection]:
        """A connection that gives up when `patience` does; raises psycopg's own errors."""
        if self.pool.closed:
            self.pool.open()
        wait = max(0.001, min(patience.left, _LONGEST_WAIT_IN_POOL_SECONDS))
        with self.pool.connection(timeout=wait) as connection:
            connection.deadline = patience.deadline
            try:
                yield connection
            except ReadOnlySqlTransaction as error:  # a primary that became a standby
                connection.close()
                raise psycopg.OperationalError(str(error)) from error

    @contextmanager
    def get_connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        try:
            with self.connection(Patience(self.limit_seconds)) as connection:
                yield connection
        except psycopg.Error as error:
            raise translated(error) from error

    def patiently(self, read: Callable[[], Answer]) -> Answer:
        """What `read` gives, tried again until it works; raises StoreUnavailable."""
        patience = Patience(self.limit_seconds)
        while True:
            try:
                return read()
            except UNREACHABLE as error:
                patience.pause_after(error)

    def register_type_adapters(self) -> None:
        """Nothing to do, and no connection needed: our functions take arrays, not composites."""

    def _new_pool(self) -> ConnectionPool[Connection]:
        return ConnectionPool(
            self._conninfo,
            connection_class=Connection,
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=self._pool_size,
            open=False,
            # Give up at once, so that the next call tries again: psycopg's own pauses double
            # without limit, and after an outage of a minute would add another.
            reconnect_timeout=0.0,
        )
