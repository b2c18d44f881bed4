"""Where in the Ledger reactions begin: at its end at first, and elsewhere only on purpose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.errors import Refusal
from ledger.event import Cause
from ledger.events import encode
from ledger.reactions.events import Began
from ledger.reactions.store import Reactions, events_of
from ledger.store.log import LogReader
from ledger.store.names import Names, append_lock
from ledger.store.positions import Rewind

POSITION = "reactor"
STREAM = "beginning/reactor"


class NoSuchPosition(Refusal):
    """There is nothing in the Ledger yet that far."""

    def __init__(self, position: int, head: int) -> None:
        super().__init__(f"reactions cannot begin after position {position}: the last is {head}")


class Beginning(Aggregate):
    """Every time it was said where reactions begin."""

    CATEGORY = "beginning"

    @evolves(Began)
    def _began(self, event: Began) -> None:
        """The position itself is kept as a follower's."""


def begin(reactions: Reactions, log: LogReader, position: int, head: int, now: datetime) -> None:
    """Lets reactions begin after `position`, now and for whoever is at work.

    What was intended before is not intended again. Raises NoSuchPosition, and PositionMoved when
    a reactor was at work at the same moment.
    """
    if position > head:
        raise NoSuchPosition(position, head)
    beginning = Beginning(STREAM)
    for event in events_of(log, [STREAM])[STREAM]:
        beginning.apply(event)
    was = log.position(POSITION)
    beginning.trigger_event(Began(position=position), Cause("beginning", now, now))
    reactions.append(beginning.collect_events(), Rewind(POSITION, was, position))


def begin_within(connection: Connection[Any], names: Names, now: datetime) -> None:
    """Lets reactions begin at the Ledger's end, in the caller's transaction.

    What it stores in the Ledger never comes to be told, then, even where a reactor is at work.
    """
    began = SQL("SELECT count(*) FROM {}.events WHERE originator_id = %s")
    was = SQL("SELECT coalesce(max(position), 0) FROM {}.positions WHERE name = %s")
    head = SQL("SELECT coalesce(max(notification_id), 0) FROM {}.events")
    store, ledger = Identifier(names.reactions), Identifier(names.ledger)
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [append_lock(names.reactions)])
    position = _value(connection, head.format(ledger))
    event = Began(position=position).stamped(
        STREAM,
        _value(connection, began.format(store), STREAM) + 1,
        Cause("beginning", now, now),
    )
    append = SQL(
        "SELECT was FROM {}.append_fenced(%s, %s::bigint, %s::bigint, %s::text[], %s::bigint[],"
        " %s::text[], %s::bytea[])"
    )
    row = [STREAM], [event.originator_version], [event.TOPIC], [encode(event)]
    expected = _value(connection, was.format(store), POSITION)
    connection.execute(append.format(store), [POSITION, expected, position, *row])


def _value(connection: Connection[Any], query: Composed, *values: object) -> int:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


def has_begun(log: LogReader) -> bool:
    """Whether it was ever said where reactions begin."""
    return bool(log.known([STREAM]))
