"""One row that tells finance how old its tables are, so that no stale one goes unnoticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.bookkeeper import POSITION
from ledger.store.names import Names


@dataclass(frozen=True)
class View:
    """A view finance may read; `comments` has one for each column, in their order."""

    name: str
    comment: str
    query: Composed
    comments: Mapping[str, str]


COMMENTS = {
    "as_of": "The tables hold all that was received until then.",
    "lag_seconds": "How long ago that was; 0 when nothing waits.",
    "waiting_deliveries": "Deliveries that were received and are not in the Ledger yet.",
    "waiting_since": "When the first of them was received; NULL if there is none.",
    "lag_events": "Events of the Ledger that are not in the tables yet.",
    "lagging_since": "When the first of them was recorded; NULL if there is none.",
    "position": "The last event of the Ledger that is in the tables.",
    "head": "The last event of the Ledger.",
    "generation": "Which generation of the tables is shown: a rebuild makes a new one.",
}


def freshness(names: Names) -> View:
    """The view `freshness`, always of one row once the tables exist."""
    query = _QUERY.format(
        projections=Identifier(names.projections),
        ledger=Identifier(names.ledger),
        inbox=Identifier(names.inbox),
        bookkeeper=Literal(POSITION),
    )
    return View("freshness", "How fresh all other tables are, in one row.", query, COMMENTS)


# A delivery is one line of JSON and then its body; an event is JSON altogether.
_QUERY = SQL("""
SELECT least(now(), waiting_since, lagging_since) AS as_of,
       floor(extract(epoch FROM now() - least(now(), waiting_since, lagging_since)))::bigint
         AS lag_seconds,
       waiting_deliveries, waiting_since, lag_events, lagging_since, position, head, generation
  FROM (
    SELECT g.number AS generation, g.position,
           (SELECT coalesce(max(e.notification_id), 0) FROM {ledger}.events e) AS head,
           (SELECT count(*) FROM {ledger}.events e
             WHERE e.notification_id > g.position) AS lag_events,
           (SELECT count(*) FROM {inbox}.events d
             WHERE d.notification_id > b.position) AS waiting_deliveries,
           (SELECT (convert_from(e.state, 'UTF8')::json ->> 'recorded_at')::timestamptz
              FROM {ledger}.events e WHERE e.notification_id > g.position
             ORDER BY e.notification_id LIMIT 1) AS lagging_since,
           (SELECT (convert_from(
                      substring(d.state FROM 1 FOR position('\\x0a'::bytea IN d.state) - 1),
                      'UTF8')::json ->> 'received_at')::timestamptz
              FROM {inbox}.events d WHERE d.notification_id > b.position
             ORDER BY d.notification_id LIMIT 1) AS waiting_since
      FROM {projections}.generations g,
           (SELECT coalesce(max(p.position), 0) AS position
              FROM {ledger}.positions p WHERE p.name = {bookkeeper}) b
     WHERE g.current) f""")
