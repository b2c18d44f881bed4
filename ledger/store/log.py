"""Reads a store in the order of its positions: large binary pages over one connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from ledger.store.because import called_for
from ledger.store.connection import LIMIT_SECONDS, BoundedConnection, conninfo, session
from ledger.store.errors import translated
from ledger.store.forks import abandon, renew_after_fork
from ledger.store.names import Names
from ledger.store.patience import Patience

PAGE_SIZE = 500
END = 2**63 - 1  # no position is higher

Record = tuple[int, str, bytes]  # position, topic, state
Entry = tuple[
    int, str, int, str, bytes
]  # position, originator_id, originator_version, topic, state
StreamRecord = tuple[str, int, str, bytes]  # originator_id, originator_version, topic, state

_PAGE = "FROM {}.events WHERE notification_id > %s AND notification_id <= %s"
_IN_ORDER = " ORDER BY notification_id LIMIT %s"
_RECORDS = SQL("SELECT notification_id, topic, state " + _PAGE + _IN_ORDER)
_ENTRIES = SQL(
    "SELECT notification_id, originator_id, originator_version, topic, state " + _PAGE + _IN_ORDER
)
_STREAMS = SQL(
    "SELECT originator_id, originator_version, topic, state FROM {}.events"
    " WHERE originator_id = ANY(%b::text[]) ORDER BY originator_id, originator_version"
)
_HISTORIES = SQL(
    "SELECT notification_id, originator_id, originator_version, topic, state FROM {}.events"
    " WHERE originator_id = ANY(%b::text[]) ORDER BY notification_id"
)
_HISTORIES_PAGE = SQL(
    "SELECT notification_id, originator_id, originator_version, topic, state FROM {}.events"
    " WHERE originator_id = ANY(%b::text[]) AND notification_id > %s"
    " ORDER BY notification_id LIMIT %s"
)
_KNOWN = SQL("SELECT originator_id FROM {}.events WHERE originator_id = ANY(%b::text[])")
_LAST = (
    "FROM (SELECT DISTINCT ON (originator_id) originator_id, topic"
    " FROM {}.events ORDER BY originator_id, originator_version DESC) last"
)
_ENDING = SQL(
    "SELECT originator_id " + _LAST + " WHERE topic = ANY(%b::text[]) ORDER BY originator_id"
)
_ENDINGS = SQL("SELECT topic, count(*) " + _LAST + " GROUP BY topic")
_LATELY = SQL(
    "SELECT originator_id FROM {0}.events one WHERE topic = ANY(%b::text[])"
    " AND notification_id < %s AND NOT EXISTS (SELECT FROM {0}.events later"
    " WHERE later.originator_id = one.originator_id"
    " AND later.originator_version > one.originator_version)"
    " ORDER BY notification_id DESC LIMIT %s"
)
_COUNT = SQL("SELECT count(*) FROM {}.events WHERE notification_id > %s")
_IS_THERE = SQL("SELECT to_regclass(format('%%I.events', %s::text)) IS NOT NULL")
_HEAD = SQL("SELECT coalesce(max(notification_id), 0) FROM {}.events")
_POSITION = SQL("SELECT coalesce(max(position), 0) FROM {}.positions WHERE name = %s")

# Whatever the table's statistics say, a page is a range of the index.
_BY_INDEX = {"enable_seqscan": "off", "enable_bitmapscan": "off"}


class LogReader:
    """Reads events and positions of one schema.

    Every method tries again on a new connection when one breaks, and raises StoreUnavailable
    when `limit_seconds` are over. Threads may share a reader; they take turns.
    """

    def __init__(
        self,
        url: str,
        schema: str,
        *,
        role: str = Names.writer,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self.schema = schema
        self.limit_seconds = limit_seconds
        self._conninfo = conninfo(url, {**session(role, limit_seconds), **_BY_INDEX})
        self._connection: BoundedConnection[Any] | None = None
        self._mutex = Lock()
        renew_after_fork(self)

    def after(self, position: int, limit: int = PAGE_SIZE, upto: int = END) -> list[Record]:
        """Up to `limit` events after `position`, none beyond `upto`, in order."""
        return self._rows(_RECORDS, position, upto, limit)

    def entries(self, position: int, limit: int = PAGE_SIZE, upto: int = END) -> list[Entry]:
        """As `after`, with the stream each event belongs to and its version there."""
        return self._rows(_ENTRIES, position, upto, limit)

    def pages(
        self, position: int, size: int = PAGE_SIZE, upto: int = END
    ) -> Iterator[list[Record]]:
        """All events after `position` that are there now or come while we read, page by page."""
        while page := self.after(position, size, upto):
            yield page
            position = page[-1][0]

    def streams(self, ids: Sequence[str]) -> list[StreamRecord]:
        """All events of these streams in one round trip, ordered by stream and version."""
        return self._rows(_STREAMS, list(ids)) if ids else []

    def histories(self, ids: Sequence[str]) -> list[Entry]:
        """All events of these streams in one round trip, in the order of their positions."""
        return self._rows(_HISTORIES, list(ids)) if ids else []

    def histories_after(self, ids: Sequence[str], position: int, limit: int) -> list[Entry]:
        """The first `limit` of the events of these streams after a position."""
        return self._rows(_HISTORIES_PAGE, list(ids), position, limit) if ids else []

    def called_for(self, spans: Sequence[tuple[str, str]]) -> list[str]:
        """Of a store of reactions, those because of something in these spans, in their order.

        The end of a span is left out.
        """
        lows, highs = [low for low, _ in spans], [high for _, high in spans]
        rows = self._rows(called_for(self.schema), lows, highs) if spans else []
        return [stream for (stream,) in rows]

    def is_there(self) -> bool:
        """Whether the store has its table: a database that was not migrated may lack it."""
        return bool(self._rows(_IS_THERE, self.schema)[0][0])

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of these streams that have an event, without reading any."""
        return {stream for (stream,) in self._rows(_KNOWN, list(ids))} if ids else set()

    def ending_in(self, topics: Sequence[str]) -> list[str]:
        """The streams whose last event has one of these topics; looks at every stream."""
        return [stream for (stream,) in self._rows(_ENDING, list(topics))]

    def lately_ending_in(self, topics: Sequence[str], limit: int, before: int = END) -> list[str]:
        """The first `limit` of these streams, the newest last event first, of those `before`."""
        return [stream for (stream,) in self._rows(_LATELY, list(topics), before, limit)]

    def endings(self) -> dict[str, int]:
        """How many streams have each topic as their last event's; looks at every stream."""
        return dict(self._rows(_ENDINGS))

    def count(self, position: int) -> int:
        """How many events there are after `position`."""
        return int(self._rows(_COUNT, position)[0][0])

    def head(self) -> int:
        """The last position given to an event; 0 in an empty store."""
        return int(self._rows(_HEAD)[0][0])

    def position(self, name: str) -> int:
        """How far the follower `name` has come; 0 if it never saved a position."""
        return int(self._rows(_POSITION, name)[0][0])

    def close(self) -> None:
        with self._mutex:
            self._hang_up()

    def renew(self) -> None:
        abandon(self._connection, self._mutex)
        self._connection, self._mutex = None, Lock()

    def _rows(self, query: SQL | Composed, *parameters: object) -> list[Any]:
        statement = query.format(Identifier(self.schema)) if isinstance(query, SQL) else query
        patience = Patience(self.limit_seconds)
        with self._mutex:
            while True:
                try:
                    connection = self._connected()
                    connection.deadline = patience.deadline
                    cursor = connection.execute(statement, parameters, prepare=True, binary=True)
                    return cursor.fetchall()
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    self._hang_up()
                    patience.pause_after(error)
                except psycopg.Error as error:
                    raise translated(error) from error

    def _connected(self) -> BoundedConnection[Any]:
        if self._connection is None:
            self._connection = BoundedConnection.connect(self._conninfo, autocommit=True)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
