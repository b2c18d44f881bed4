"""One idempotent step brings a database to this release: roles, schemas, tables, functions."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from ledger.store.connection import conninfo
from ledger.store.names import Names, lock_key
from ledger.store.roles import prepare
from ledger.store.steps import STEPS, Step

__all__ = ["Names", "applied", "migrate"]

Connection = psycopg.Connection[Any]


def migrate(url: str, names: Names = Names()) -> None:  # noqa: B008 - frozen, so safe to share
    """Create or update everything the ledger needs; any number of processes may do so at once.

    Raises DatabaseNotPrepared with the statements an administrator has to run when the URL's
    user may not create roles or schemas.
    """
    with psycopg.connect(conninfo(url, {}), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [lock_key("billing migrations")])
        prepare(connection, names)
        _create_migrations_table(connection, names)
        done = applied(connection, names)
        for step in STEPS:
            if step.name not in done:
                _apply(connection, names, step)


def applied(connection: Connection, names: Names) -> frozenset[str]:
    """The names of the steps this database has had."""
    query = SQL("SELECT name FROM {}.migrations").format(Identifier(names.ledger))
    return frozenset(str(row[0]) for row in connection.execute(query))


def _create_migrations_table(connection: Connection, names: Names) -> None:
    table = SQL(
        "CREATE TABLE IF NOT EXISTS {}.migrations (name text COLLATE {} PRIMARY KEY,"
        " applied_at timestamptz NOT NULL DEFAULT now())"
    )
    with connection.transaction():
        _become_owner(connection, names)
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute(table.format(Identifier(names.ledger), Identifier("C")))


def _apply(connection: Connection, names: Names, step: Step) -> None:
    note = SQL("INSERT INTO {}.migrations (name) VALUES (%s)").format(Identifier(names.ledger))
    with connection.transaction():
        _become_owner(connection, names)
        for statement in step.statements(names):
            connection.execute(statement)
        connection.execute(note, [step.name])


def _become_owner(connection: Connection, names: Names) -> None:
    connection.execute(SQL("SET LOCAL ROLE {}").format(Identifier(names.owner)))
