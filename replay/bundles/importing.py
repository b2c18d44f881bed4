"""Takes a whole ledger's bundle into an empty database: checked first, then all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.assembly import clock
from ledger.errors import LedgerError
from ledger.reactions.beginning import begin_within
from ledger.reactions.moving import dismiss_within, take_away_beginnings
from ledger.sealing.seal import LOGS
from ledger.store.connection import conninfo, session
from ledger.store.names import Names, append_lock
from projections.fingerprint import current_fingerprint
from projections.projector import Projector
from replay.bundles.check import Bundle, Checked
from replay.bundles.manifest import Manifest
from replay.seals.entries import Entry

LONGEST_STATEMENT_SECONDS = 3_600.0

Tick = Callable[[int], None]


class NotWhole(LedgerError):
    """A part of history would be taken for all of it."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"this is the bundle of a {kind}: it can be read and checked (`billing import --check`)"
            ", but a ledger made of it would lack what happened besides; import a whole one"
        )


class NotEmpty(LedgerError):
    def __init__(self, schema: str) -> None:
        super().__init__(f"{schema} has events already: a bundle is imported into an empty ledger")


class OtherFingerprint(LedgerError):
    def __init__(self, found: str, wanted: str | None) -> None:
        super().__init__(
            f"the tables have the fingerprint {found}, and the bundle {wanted}: "
            "this release makes other rows of the same history"
        )


class Taken(NamedTuple):
    """The fingerprint of the tables, and how many reactions were open."""

    fingerprint: str
    dismissed: int


def refuse_unless_whole(manifest: Manifest) -> None:
    """Raises NotWhole."""
    if manifest.kind != "whole":
        raise NotWhole(manifest.kind)


def take_in(bundle: Bundle, checked: Checked, url: str, names: Names, tick: Tick) -> Taken:
    """Stores what a checked bundle holds and makes the tables.

    Of its reactions none is ever tried here: what was open is dismissed in the same transaction,
    and what was done is not done again, since its id is known. The database is migrated. Raises
    NotEmpty, and OtherFingerprint when all is stored.
    """
    refuse_unless_whole(bundle.manifest)
    with _owner(url, names) as connection, connection.transaction():
        take_away_beginnings(connection, names)
        for log, schema in names.logs.items():
            _refuse_unless_empty(connection, schema)
            _store(connection, schema, bundle.entries(log), tick)
        _store_seals(connection, names, bundle)
        _store_followers(connection, names, bundle.manifest)
        begin_within(connection, names, clock())
        dismissed = dismiss_within(connection, names, clock())
    with closing(Projector(url, names)) as projector:
        projector.run_until_idle()
    _, found = current_fingerprint(url, names)
    if checked.fingerprint is not None and found != checked.fingerprint:
        raise OtherFingerprint(found, checked.fingerprint)
    return Taken(found, dismissed)


def _owner(url: str, names: Names) -> Connection[Any]:
    """A connection that may write positions: nobody else's may."""
    settings = session(names.owner, LONGEST_STATEMENT_SECONDS)
    return psycopg.connect(conninfo(url, settings), autocommit=True)


def _refuse_unless_empty(connection: Connection[Any], schema: str) -> None:
    """Keeps others from appending until the transaction ends. Raises NotEmpty."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [append_lock(schema)])
    query = SQL("SELECT FROM {}.events LIMIT 1").format(Identifier(schema))
    if connection.execute(query).rowcount:
        raise NotEmpty(schema)


def _store(connection: Connection[Any], schema: str, entries: Iterable[Entry], tick: Tick) -> None:
    """Copies entries in with their positions; the next one given out comes after them."""
    copying = SQL(
        "COPY {}.events (notification_id, originator_id, originator_version, topic, state)"
        " FROM STDIN WITH (FORMAT binary)"
    ).format(Identifier(schema))
    last = 0
    with connection.cursor().copy(copying) as copy:
        copy.set_types(["bigint", "text", "bigint", "text", "bytea"])
        for entry in entries:
            copy.write_row(entry)
            last = entry.position
            tick(1)
    if last:
        table = SQL("{}.events").format(Identifier(schema)).as_string(connection)
        connection.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'notification_id'), %s)", [table, last]
        )


def _store_seals(connection: Connection[Any], names: Names, bundle: Bundle) -> None:
    insert = SQL("INSERT INTO {}.seals (log, number, seal, leaves) VALUES (%s, %s, %s, %s)")
    statement = insert.format(Identifier(names.ledger))
    for log in LOGS:
        for seal, sheet in bundle.seals(log):
            connection.execute(statement, [log, seal.number, seal.line, sheet.to_bytes()])


def _store_followers(connection: Connection[Any], names: Names, manifest: Manifest) -> None:
    """How far the workers were, so that nothing is worked off again."""
    insert = SQL("INSERT INTO {}.positions (name, position) VALUES (%s, %s)")
    statement = insert.format(Identifier(names.ledger))
    for name, position in manifest.followers.items():
        connection.execute(statement, [name, position])
