"""The migrations, in their order: a step that was released is never edited, only followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from psycopg.sql import SQL, Composed, Identifier

from ledger.store.auditing import auditing
from ledger.store.because import index
from ledger.store.functions import append_functions
from ledger.store.names import Names
from ledger.store.seals import seals


@dataclass(frozen=True, slots=True)
class Step:
    """Statements run once in a database, by the owner role, in one transaction."""

    name: str
    statements: Callable[[Names], Iterable[Composed]]


# Events are only ever added: freeze them on the first visit, and visit for inserts alone.
_EVENTS = SQL("""
CREATE TABLE {store}.events (
  originator_id text COLLATE "C" NOT NULL,
  originator_version bigint NOT NULL,
  topic text COLLATE "C" NOT NULL,
  state bytea NOT NULL,
  notification_id bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (originator_id, originator_version)
) WITH (
  autovacuum_freeze_min_age = 0,
  autovacuum_vacuum_insert_threshold = 10000,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
)""")

_EVENTS_BY_POSITION = SQL(
    "CREATE UNIQUE INDEX events_notification_id_idx ON {store}.events (notification_id)"
)

# Bodies are compressed while everybody waits for the append lock: lz4 takes a tenth of the time.
_FAST_COMPRESSION = SQL("""
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_settings
              WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE {store}.events ALTER state SET COMPRESSION lz4;
  END IF;
END $$""")

# The same few rows over and over: leave room to update them in place.
_POSITIONS = SQL("""
CREATE TABLE {store}.positions (
  name text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL CHECK (position >= 0)
) WITH (fillfactor = 20)""")

_STORE_PRIVILEGES = (
    SQL("GRANT USAGE ON SCHEMA {store} TO {writer}"),
    SQL("GRANT SELECT ON {store}.events, {store}.positions TO {writer}"),
)

_SHARED_PRIVILEGES = (
    SQL("GRANT SELECT ON {ledger}.migrations TO {writer}"),
    SQL("GRANT USAGE, CREATE ON SCHEMA {projections}, {finance} TO {writer}"),
    SQL("GRANT USAGE ON SCHEMA {finance} TO {reader}"),
    # Whoever of the two makes a view or table, the other side's rights come with it.
    SQL(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {finance} GRANT SELECT ON TABLES TO {reader}, {writer}"
    ),
    SQL(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {projections}"
        " GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO {writer}"
    ),
)

_WRITER_PRIVILEGES = SQL(
    "ALTER DEFAULT PRIVILEGES FOR ROLE {writer} IN SCHEMA {finance}"
    " GRANT SELECT ON TABLES TO {reader}"
)


def _stores(names: Names) -> Iterator[Composed]:
    for store in names.stores:
        yield from _store(store, names)


def _store(store: str, names: Names) -> Iterator[Composed]:
    for template in (_EVENTS, _EVENTS_BY_POSITION, _FAST_COMPRESSION, _POSITIONS):
        yield template.format(store=Identifier(store))
    yield from append_functions(store, names.writer)


def _privileges(names: Names) -> Iterator[Composed]:
    every = {
        field: Identifier(getattr(names, field))
        for field in ("ledger", "projections", "finance", "writer", "reader")
    }
    for store in names.stores:
        for template in _STORE_PRIVILEGES:
            yield template.format(store=Identifier(store), writer=every["writer"])
    for template in _SHARED_PRIVILEGES:
        yield template.format(**every)
    yield SQL("SET LOCAL ROLE {writer}").format(**every)
    yield _WRITER_PRIVILEGES.format(**every)
    yield SQL("SET LOCAL ROLE {owner}").format(owner=Identifier(names.owner))


def _reactions(names: Names) -> Iterator[Composed]:
    yield from _store(names.reactions, names)
    for template in _STORE_PRIVILEGES:
        parts = {"store": Identifier(names.reactions), "writer": Identifier(names.writer)}
        yield template.format(**parts)


STEPS: tuple[Step, ...] = (
    Step("0001 stores", _stores),
    Step("0002 privileges", _privileges),
    Step("0003 seals", seals),
    Step("0004 reactions", _reactions),
    Step("0005 reactions by cause", lambda names: [index(names)]),
    Step("0006 auditors", auditing),
)
