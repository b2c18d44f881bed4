"""What becomes of reactions where history is taken in from elsewhere: none is ever tried there.

All of it happens in the caller's transaction, over a connection of the owner.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.event import Cause
from ledger.events import encode
from ledger.reactions.beginning import STREAM
from ledger.reactions.events import Dismissed
from ledger.reactions.listing import STATUSES
from ledger.store.names import Names, append_lock

IMPORT = "import"
OPEN = (*STATUSES["waiting"], *STATUSES["parked"])

_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_TAKE_AWAY = SQL(
    "DELETE FROM {store}.events WHERE originator_id = %(stream)s"
    " AND NOT EXISTS (SELECT FROM {store}.events WHERE originator_id <> %(stream)s)"
    " AND NOT EXISTS (SELECT FROM {ledger}.seals WHERE log = 'reactions')"
)
_OPEN = SQL(
    "SELECT originator_id, originator_version FROM"
    " (SELECT DISTINCT ON (originator_id) originator_id, originator_version, topic"
    " FROM {}.events ORDER BY originator_id, originator_version DESC) last"
    " WHERE topic = ANY(%b::text[])"
)
_APPEND = SQL("SELECT {}.append(%s::text[], %s::bigint[], %s::text[], %s::bytea[])")


def take_away_beginnings(connection: Connection[Any], names: Names) -> None:
    """Empties a store in which a reactor only said that it begins, unless that is sealed.

    It began at the end of an empty ledger: nothing was told, and its place is needed.
    """
    connection.execute(_LOCK, [append_lock(names.reactions)])
    parts = {"store": Identifier(names.reactions), "ledger": Identifier(names.ledger)}
    connection.execute(_TAKE_AWAY.format(**parts), {"stream": STREAM})


def dismiss_within(connection: Connection[Any], names: Names, now: datetime) -> int:
    """Dismisses all that waits or is parked; how many these were."""
    store = Identifier(names.reactions)
    events = [
        Dismissed().stamped(stream, version + 1, Cause(IMPORT, now, now))
        for stream, version in connection.execute(_OPEN.format(store), [list(OPEN)]).fetchall()
    ]
    if events:
        columns = (
            [each.originator_id for each in events],
            [each.originator_version for each in events],
            [each.TOPIC for each in events],
            [encode(each) for each in events],
        )
        connection.execute(_APPEND.format(store), columns)
    return len(events)
