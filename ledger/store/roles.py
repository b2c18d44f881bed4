"""The group roles and the schemas they share, which only a privileged user can make."""

from __future__ import annotations

from collections.abc import Iterator
from time import sleep
from typing import Any

import psycopg
from psycopg.errors import DuplicateObject, InsufficientPrivilege, InternalError_, UniqueViolation
from psycopg.sql import SQL, Composed, Identifier

from ledger.store.connection import conninfo
from ledger.store.errors import DatabaseNotPrepared, NotPermitted
from ledger.store.names import Names

Connection = psycopg.Connection[Any]

# Roles belong to the whole server: another database's migration may be making them right now,
# and our lock does not reach there.
_RACES = (DuplicateObject, UniqueViolation, InternalError_)
_MOST_RACES = 50
_PAUSE_SECONDS = 0.05


def prepare(connection: Connection, names: Names) -> None:
    """Create the roles and schemas that are missing. Raises DatabaseNotPrepared.

    Raises NotPermitted for an auditor, who is not to be given the rights of others.
    """
    if _user(connection) == names.auditor:
        raise NotPermitted(f"{names.auditor} only reads", names.owner)
    races = 0
    while statements := list(_missing(connection, names)):
        try:
            connection.execute(statements[0])
        except InsufficientPrivilege as error:
            listed = [statement.as_string(connection) for statement in statements]
            raise DatabaseNotPrepared(_user(connection), listed) from error
        except _RACES:
            races += 1
            if races > _MOST_RACES:
                raise
            sleep(_PAUSE_SECONDS)


def as_auditor(url: str, names: Names) -> str:
    """`url`, where its user may read as an auditor and not append: for connections as that role."""
    with psycopg.connect(conninfo(url, {}), autocommit=True) as connection:
        may_speak_as = _roles(connection, names)
    is_auditor = may_speak_as.get(names.auditor) and not may_speak_as.get(names.writer)
    return conninfo(url, {"role": names.auditor}) if is_auditor else url


def _missing(connection: Connection, names: Names) -> Iterator[Composed]:
    user = _user(connection)
    roles = _roles(connection, names)
    for role in names.roles:
        if role not in roles:
            yield SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role))
    for role in names.roles:
        if role != names.auditor and not roles.get(role):  # no process speaks as that one
            yield SQL("GRANT {} TO {}").format(Identifier(role), Identifier(user))
    yield from _missing_schemas(connection, names)


def _missing_schemas(connection: Connection, names: Names) -> Iterator[Composed]:
    usable = _schemas(connection, names)
    for schema in names.schemas:
        if schema not in usable:
            yield SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(
                Identifier(schema), Identifier(names.owner)
            )
        elif not usable[schema]:
            yield SQL("GRANT ALL ON SCHEMA {} TO {} WITH GRANT OPTION").format(
                Identifier(schema), Identifier(names.owner)
            )


def _user(connection: Connection) -> str:
    row = connection.execute("SELECT current_user").fetchone()
    assert row is not None
    return str(row[0])


def _roles(connection: Connection, names: Names) -> dict[str, bool]:
    """Each role that exists, and whether we may speak as it."""
    # From 16 on, whoever creates a role administers it but may not yet SET ROLE to it.
    needed = "SET" if connection.info.server_version >= 160_000 else "MEMBER"
    query = "SELECT rolname, pg_has_role(oid, %s) FROM pg_roles WHERE rolname = ANY(%s)"
    return dict(connection.execute(query, [needed, list(names.roles)]).fetchall())


def _schemas(connection: Connection, names: Names) -> dict[str, bool]:
    """Each schema that exists, and whether the owner role may use it and let others in."""
    query = """
        SELECT nspname, coalesce(bool_and(has_schema_privilege(r.oid, n.oid, p)), false)
          FROM pg_namespace n LEFT JOIN pg_roles r ON rolname = %s,
               unnest(ARRAY['CREATE WITH GRANT OPTION', 'USAGE WITH GRANT OPTION']) p
         WHERE nspname = ANY(%s) GROUP BY nspname"""
    return dict(connection.execute(query, [names.owner, list(names.schemas)]).fetchall())
