"""Wakes a follower when a store has grown: LISTEN is a hint, looking regularly is the truth."""

from __future__ import annotations

import logging
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from ledger.store.connection import BoundedConnection, conninfo
from ledger.store.names import channel

POLL_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Waker:
    """For one thread: read until nothing is left, then `wait`, then read again, and so on.

    Nothing is missed between the reading and the waiting: the server keeps what it notifies
    from the moment we listen, and the first wait after that returns at once.
    """

    def __init__(self, url: str, schema: str, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._conninfo = conninfo(url, {"idle_session_timeout": "0"})
        self._channel = channel(schema)
        self._poll_seconds = poll_seconds
        self._connection: BoundedConnection[Any] | None = None
        self._pause_seconds = 0.0
        self._retry_at = 0.0  # in monotonic seconds

    def wait(self, timeout: float | None = None) -> bool:
        """Returns within `timeout` or the poll interval, whichever is shorter, in seconds.

        True if the store was reported to have grown, or if listening only now (re)started.
        Read again either way.
        """
        seconds = self._poll_seconds if timeout is None else min(timeout, self._poll_seconds)
        try:
            if self._connection is None:
                return self._listen_again(seconds)
            return self._heard(self._connection, seconds)
        except psycopg.Error as error:
            _log.warning("not listening to %s, looking regularly instead: %s", self._channel, error)
            self._back_off()
            return False

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _heard(self, connection: BoundedConnection[Any], seconds: float) -> bool:
        heard = list(connection.notifies(timeout=seconds, stop_after=1))
        # One reading serves all that came meanwhile.
        heard += connection.notifies(timeout=0)
        return bool(heard)

    def _listen_again(self, seconds: float) -> bool:
        if monotonic() < self._retry_at:
            sleep(seconds)
            return False
        self._connection = BoundedConnection.connect(self._conninfo, autocommit=True)
        self._connection.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
        self._pause_seconds = 0.0
        return True

    def _back_off(self) -> None:
        self.close()
        self._retry_at = monotonic() + self._pause_seconds
        self._pause_seconds = min(max(0.1, 2 * self._pause_seconds), LONGEST_PAUSE_SECONDS)
