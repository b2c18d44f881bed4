"""One worker at a time across processes and hosts; the next one stands by."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import Any

import psycopg

from ledger.store.connection import BoundedConnection, conninfo
from ledger.store.names import lock_key

RETRY_SECONDS = 0.25
LOOK_SECONDS = 1.0

_log = logging.getLogger(__name__)

# The server itself finds out within seconds that a leader's host is gone; a process that dies
# is noticed at once.
_SESSION = {
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
}


class Leadership:
    """The lead named `name` in one database: it lasts as long as our connection.

    It keeps two workers from doing the same work. That the work is done once is the fence's
    part (see `Fence`): a leader that lost its connection may not know it yet.
    """

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._conninfo = conninfo(url, _SESSION)
        self._key = lock_key(f"leadership {name}")
        self._connection: BoundedConnection[Any] | None = None
        self._leads = False
        self._complained = False

    def acquire(self, timeout: float | None = None, stop: Event | None = None) -> bool:
        """Stand by until we lead. False when `timeout` seconds are over, or when `stop` is set.

        A database that cannot be reached is waited for, with a warning in the log.
        """
        stop = stop or Event()
        deadline = None if timeout is None else monotonic() + timeout
        while not stop.is_set():
            if self._try():
                return True
            left = RETRY_SECONDS if deadline is None else deadline - monotonic()
            if left <= 0:
                return False
            stop.wait(min(left, RETRY_SECONDS))
        return False

    def held(self) -> bool:
        """Whether we still lead: asks the server, since the lead ends with the connection."""
        if self._leads and self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error as error:
                self._lose(error)
        return self._leads

    def release(self) -> None:
        """Let the next one lead, from now on."""
        if self._connection is not None:
            if self._leads:
                with suppress(psycopg.Error):  # hanging up would do, but a moment later
                    self._connection.execute("SELECT pg_advisory_unlock(%s)", [self._key])
            self._connection.close()
        self._connection, self._leads = None, False

    def _try(self) -> bool:
        if self._leads:
            return self.held()
        try:
            if self._connection is None:
                self._connection = BoundedConnection.connect(self._conninfo, autocommit=True)
            row = self._connection.execute(
                "SELECT pg_try_advisory_lock(%s)", [self._key]
            ).fetchone()
            self._leads = row is not None and row[0]
            self._complained = False
        except psycopg.Error as error:
            self._lose(error)
        return self._leads

    def _lose(self, error: psycopg.Error) -> None:
        level = logging.DEBUG if self._complained else logging.WARNING  # once for an outage
        _log.log(level, "%s cannot lead: %s", self.name, error)
        self._complained, self._leads = True, False
        self.release()


class Mandate(Event):
    """Set as soon as a worker has to end: because of `stop`, or because it leads no longer.

    For the worker's own thread, which asks the server every LOOK_SECONDS at most.
    """

    def __init__(self, lead: Leadership, stop: Event) -> None:
        super().__init__()
        self._lead = lead
        self._stop = stop
        self._look_at = monotonic() + LOOK_SECONDS

    def is_set(self) -> bool:
        if not super().is_set() and (self._stop.is_set() or not self._leads()):
            self.set()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        return self._stop.wait(timeout) or self.is_set()

    def _leads(self) -> bool:
        now = monotonic()
        if now < self._look_at:
            return True
        self._look_at = now + LOOK_SECONDS
        return self._lead.held()
