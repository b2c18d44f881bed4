"""The only ways to write a store: SQL functions that keep positions in the order of commits."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from ledger.store.names import append_lock, channel

# Every append takes the lock first: a position becomes visible before the next is given out,
# so that a reader who follows the positions passes over none. The lock ends with the commit,
# and nobody is answered before the flush, whatever the database's own setting.
_LOCK = SQL("""
  PERFORM pg_advisory_xact_lock({lock});
  IF current_setting('synchronous_commit') = 'off' THEN
    SET LOCAL synchronous_commit = on;
  END IF""")

_INSERT = SQL("""
  WITH stored AS (
    INSERT INTO {store}.events (originator_id, originator_version, topic, state)
    SELECT e.i, e.v, e.t, e.s
      FROM unnest({arrays}) WITH ORDINALITY AS e({columns}, n) WHERE {condition} ORDER BY e.n
    RETURNING notification_id)
  SELECT array_agg(notification_id ORDER BY notification_id) INTO positions FROM stored""")

_EVENTS = SQL("originator_ids text[], originator_versions bigint[], topics text[], states bytea[]")
_ARRAYS = SQL("originator_ids, originator_versions, topics, states")
_DEFINER = SQL("LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp")

# A plan made while the table was small must not scan it when it is large.
_BY_INDEX = SQL("SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off")

_APPEND = SQL("""
CREATE FUNCTION {store}.append({events}, OUT positions bigint[]) {definer} AS $function$
BEGIN
  {take_lock};
  NOTIFY {channel};
  {insert};
END $function$""")

# For a group in which somebody collides: whose events are refused is found out under the lock,
# and everybody else's are stored. `callers` numbers each event's caller.
_APPEND_OTHERS = SQL("""
CREATE FUNCTION {store}.append_others(callers integer[], {events},
  OUT refused integer[], OUT positions bigint[]) {definer} {by_index} AS $function$
BEGIN
  {take_lock};
  SELECT coalesce(array_agg(DISTINCT c.c), ARRAY[]::integer[]) INTO refused
    FROM unnest(callers, originator_ids, originator_versions) AS c(c, i, v)
    JOIN {store}.events e ON e.originator_id = c.i AND e.originator_version = c.v;
  {insert_others};
  IF positions IS NOT NULL THEN NOTIFY {channel}; END IF;
END $function$""")

# `was` is where the position stood; unless that was expected, nothing happens.
_APPEND_FENCED = SQL("""
CREATE FUNCTION {store}.append_fenced(name text, expected bigint, next bigint, {events},
  OUT was bigint, OUT positions bigint[]) {definer} AS $function$
BEGIN
  {take_lock};
  SELECT p.position INTO was FROM {store}.positions p
   WHERE p.name = append_fenced.name FOR UPDATE;
  was := coalesce(was, 0);
  IF was <> expected THEN RETURN; END IF;
  INSERT INTO {store}.positions AS p (name, position) VALUES (append_fenced.name, next)
    ON CONFLICT ON CONSTRAINT positions_pkey DO UPDATE SET position = excluded.position;
  {insert};
  IF positions IS NOT NULL THEN NOTIFY {channel}; END IF;
END $function$""")

# What is stored under these keys, in the order asked for.
_STORED = SQL("""
CREATE FUNCTION {store}.stored(originator_ids text[], originator_versions bigint[])
RETURNS TABLE (notification_id bigint, topic text, state bytea)
{definer} {by_index} AS $function$
BEGIN
  RETURN QUERY SELECT e.notification_id, e.topic, e.state
    FROM unnest(originator_ids, originator_versions) WITH ORDINALITY AS k(i, v, n)
    JOIN {store}.events e ON e.originator_id = k.i AND e.originator_version = k.v
   ORDER BY k.n;
END $function$""")

_SIGNATURES = (
    SQL("{store}.append(text[], bigint[], text[], bytea[])"),
    SQL("{store}.append_others(integer[], text[], bigint[], text[], bytea[])"),
    SQL("{store}.append_fenced(text, bigint, bigint, text[], bigint[], text[], bytea[])"),
    SQL("{store}.stored(text[], bigint[])"),
)


def append_functions(store: str, writer: str) -> Iterator[Composed]:
    """Statements that create the functions of one store and let only `writer` call them."""
    parts = _parts(store)
    for template in (_APPEND, _APPEND_OTHERS, _APPEND_FENCED, _STORED):
        yield template.format(**parts)
    for signature in _SIGNATURES:
        function = signature.format(store=Identifier(store))
        yield SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(function)
        yield SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(function, Identifier(writer))


def _parts(store: str) -> dict[str, Composable]:
    return {
        "store": Identifier(store),
        "channel": Identifier(channel(store)),
        "events": _EVENTS,
        "definer": _DEFINER,
        "by_index": _BY_INDEX,
        "take_lock": _LOCK.format(lock=Literal(append_lock(store))),
        "insert": _insert(store, _ARRAYS, SQL("i, v, t, s"), SQL("true")),
        "insert_others": _insert(
            store,
            SQL("callers, {}").format(_ARRAYS),
            SQL("c, i, v, t, s"),
            SQL("e.c <> ALL (refused)"),
        ),
    }


def _insert(store: str, arrays: Composable, columns: Composable, condition: Composable) -> Composed:
    return _INSERT.format(
        store=Identifier(store), arrays=arrays, columns=columns, condition=condition
    )
