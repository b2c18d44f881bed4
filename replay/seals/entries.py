"""The entries of a stretch as they are stored now, held against those that were sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


COLUMNS = "notification_id, originator_id, originator_version, topic, state"
_BETWEEN = SQL(
    f"SELECT {COLUMNS} FROM {{}}.events WHERE notification_id BETWEEN %s AND %s"  # noqa: S608 - our own words
    " ORDER BY notification_id"
)


def between(connection: Connection[Any], schema: str, begin: int, end: int) -> Iterator[Entry]:
    """Entries in the order of their positions, both ends included; a page in memory at a time.

    One statement a stretch, so that not even two at one position escape.
    """
    query = _BETWEEN.format(Identifier(schema))
    with connection.transaction(), connection.cursor(name="entries", binary=True) as cursor:
        cursor.itersize = PAGE_SIZE
        cursor.execute(query, [begin, end])
        for row in cursor:
            yield Entry(*row)


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
            yield Misfit(entry.position, None, found)
            continue
        if due[1] != found:
            yield Misfit(entry.position, due[1], found)
        due = next(expected, None)
    while due:
        yield Misfit(due[0], due[1], None)
        due = next(expected, None)
