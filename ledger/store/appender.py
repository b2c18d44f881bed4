"""One round trip writes a batch of calls, and tells each of them what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, Cursor
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow, tuple_row
from psycopg.sql import SQL, Identifier

from ledger.store.calls import Call
from ledger.store.columns import Arrays, joined
from ledger.store.errors import AlreadyStored, PositionMoved
from ledger.store.positions import Fence

_ARRAYS = SQL("%b::text[], %b::bigint[], %b::text[], %b::bytea[]")
_APPEND = SQL("SELECT {store}.append({arrays})")
_APPEND_OTHERS = SQL(
    "SELECT refused, positions FROM {store}.append_others(%b::integer[], {arrays})"
)
_APPEND_FENCED = SQL(
    "SELECT was, positions FROM {store}.append_fenced(%b::text, %b::bigint, %b::bigint, {arrays})"
)
_STORED = SQL("SELECT notification_id, topic, state FROM {store}.stored(%b::text[], %b::bigint[])")

TupleCursor = Cursor[TupleRow]


class Appender:
    """Speaks to the append functions of one schema."""

    def __init__(self, schema: str) -> None:
        self._append, self._others, self._fenced, self._stored = (
            template.format(store=Identifier(schema), arrays=_ARRAYS).as_bytes()
            for template in (_APPEND, _APPEND_OTHERS, _APPEND_FENCED, _STORED)
        )

    def append(self, connection: Connection[Any], calls: Sequence[Call]) -> None:
        """Settle all calls in one transaction; it is committed and flushed when this returns."""
        arrays = joined([call.columns for call in calls])
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            try:
                cursor.execute(self._append, arrays, prepare=True)
            except UniqueViolation:
                self._append_others(cursor, calls, arrays)
            else:
                (positions,) = _only_row(cursor)
                _deal(calls, positions)

    def append_fenced(self, connection: Connection[Any], call: Call, fence: Fence) -> None:
        """Settle one call together with its follower's position."""
        arguments = (fence.name, fence.expected, fence.position, *joined([call.columns]))
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            try:
                cursor.execute(self._fenced, arguments, prepare=True)
            except UniqueViolation:
                self._refuse(cursor, call)
                return
            was, positions = _only_row(cursor)
            if was == fence.expected:
                call.positions = positions or []
            else:
                self._refuse_position(cursor, call, fence, was)

    def _append_others(self, cursor: TupleCursor, calls: Sequence[Call], arrays: Arrays) -> None:
        """Somebody collides: store everybody else's events, and refuse theirs."""
        callers = [number for number, call in enumerate(calls) for _ in call.events]
        cursor.execute(self._others, (callers, *arrays), prepare=True)
        refused, positions = _only_row(cursor)
        out = set(refused)
        _deal([call for number, call in enumerate(calls) if number not in out], positions or [])
        for number in refused:
            self._refuse(cursor, calls[number])

    def _refuse(self, cursor: TupleCursor, call: Call) -> None:
        call.positions = self._from_earlier_try(cursor, call)
        if call.positions is None:
            call.error = AlreadyStored(*call.keys[0])

    def _refuse_position(self, cursor: TupleCursor, call: Call, fence: Fence, was: int) -> None:
        if was == fence.position:
            call.positions = self._from_earlier_try(cursor, call)
        if call.positions is None:
            call.error = PositionMoved(fence.name, fence.expected, was)

    def _from_earlier_try(self, cursor: TupleCursor, call: Call) -> list[int] | None:
        """The positions, if an earlier try of this very call was committed and its answer lost.

        Events of the same content count as ours: the caller cannot tell the difference either.
        """
        if not call.in_doubt:
            return None
        ids, versions, _, _ = joined([call.columns])
        cursor.execute(self._stored, (ids, versions), prepare=True)
        rows = cursor.fetchall()
        ours = [(event.topic, event.state) for event in call.events]
        same = [(topic, state) for _, topic, state in rows] == ours
        return [position for position, _, _ in rows] if same else None


def _deal(calls: Sequence[Call], positions: Sequence[int]) -> None:
    start = 0
    for call in calls:
        end = start + len(call.events)
        call.positions = positions[start:end]
        start = end


def _only_row(cursor: TupleCursor) -> TupleRow:
    row = cursor.fetchone()
    assert row is not None, "a function that returns one row returned none"
    return row
