"""The entries of a stretch as they are stored now, held against those that were sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.sealing.merkle import digest
from ledger.store.log import PAGE_SIZE
from replay.seals.findings import Misfit


class Entry(NamedTuple):
    """A stored event with all its seal commits to."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes

    @property
    def digest(self) -> bytes:
        return digest(self.stream, self.version, self.topic, self.state)


COLUMNS = (
    "notification_id, coalesce(originator_id, ''), coalesce(originator_version, 0),"
    " coalesce(topic, ''), coalesce(state, '')"
)
"""Of a table that somebody has let hold nulls too."""
_BETWEEN = SQL(
    "SELECT {} FROM {}.events WHERE notification_id BETWEEN %s AND %s ORDER BY notification_id"
)


def between(connection: Connection[Any], schema: str, begin: int, end: int) -> Iterator[Entry]:
    """Entries in the order of their positions, both ends included; a page in memory at a time.

    One statement a stretch, so that not even two at one position escape.
    """
    if not is_there(connection, schema):
        return
    query = _BETWEEN.format(SQL(COLUMNS), Identifier(schema))
    with connection.transaction(), connection.cursor(name="entries", binary=True) as cursor:
        cursor.itersize = PAGE_SIZE
        cursor.execute(query, [begin, end])
        for row in cursor:
            yield Entry(*row)


def of_streams(connection: Connection[Any], schema: str, streams: Sequence[str]) -> Iterator[Entry]:
    """All entries of some streams, in the order of their positions."""
    if not is_there(connection, schema):
        return
    query = SQL(
        "SELECT {} FROM {}.events WHERE originator_id = ANY(%b::text[]) ORDER BY notification_id"
    ).format(SQL(COLUMNS), Identifier(schema))
    with connection.cursor(binary=True) as cursor:
        for row in cursor.execute(query, [list(streams)]):
            yield Entry(*row)


def is_there(connection: Connection[Any], schema: str) -> bool:
    """Whether a log has its table: one that is new may not have it yet, or somebody dropped it."""
    query = "SELECT to_regclass(format('%%I.events', %s::text)) IS NOT NULL"
    row = connection.execute(query, [schema]).fetchone()
    return bool(row and row[0])


def misfits(sealed: Iterable[tuple[int, bytes]], entries: Iterable[Entry]) -> Iterator[Misfit]:
    """Where the two differ, in the order of positions; both are in that order."""
    expected = iter(sealed)
    due = next(expected, None)
    for entry in entries:
        while due and due[0] < entry.position:
            yield Misfit(due[0], due[1], None)
            due = next(expected, None)
        found = entry.digest
        if due is None or due[0] > entry.position:
            yield Misfit(entry.position, None, found, entry.stream)
            continue
        if due[1] != found:
            yield Misfit(entry.position, due[1], found, entry.stream)
        due = next(expected, None)
    while due:
        yield Misfit(due[0], due[1], None)
        due = next(expected, None)
