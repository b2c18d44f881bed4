"""The event that calls for a reaction, as an index finds it in what is stored."""

from __future__ import annotations

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.store.names import Names

# `encode` takes whatever bytes there are, so that an entry somebody made unreadable is no obstacle.
# Streams are plain ASCII without quotes or backslashes.
_BECAUSE = SQL("""(substring(encode(state, 'escape') from '"because":"([^"]*)"')) COLLATE "C" """)
_INTENDED = Literal("Reaction.Intended")

_INDEX = SQL("CREATE INDEX events_because_idx ON {}.events ({}) WHERE topic = {}")

_CALLED_FOR = (
    "SELECT originator_id FROM unnest(%b::text[], %b::text[]) span (low, high), {}.events"
    " WHERE topic = {} AND {} >= low AND {} < high ORDER BY notification_id"
)


def index(names: Names) -> Composed:
    """So that a customer's reactions, or an event's, are found without reading anybody else's."""
    return _INDEX.format(Identifier(names.reactions), _BECAUSE, _INTENDED)


def called_for(schema: str) -> Composed:
    """The streams of reactions by spans of what they are because of; the ends are left out."""
    return SQL(_CALLED_FOR).format(Identifier(schema), _INTENDED, _BECAUSE, _BECAUSE)
