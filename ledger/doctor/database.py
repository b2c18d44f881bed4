"""Whether the database keeps what it is told, and lets nobody edit it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg.sql import SQL

from ledger.doctor.finding import Check, Finding, good, odd, wrong
from ledger.store.names import Names
from ledger.store.schema import applied
from ledger.store.steps import STEPS

OLDEST, NEWEST = 15, 18
SKEW_SECONDS = 5.0
EDITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


class Place(NamedTuple):
    """A connection to the database of the ledger, and its names."""

    connection: psycopg.Connection[Any]
    names: Names

    def value(self, query: LiteralString, *values: object) -> Any:
        """The one value a query gives."""
        row = self.connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]


def version(place: Place) -> Finding:
    """A PostgreSQL we are tested with."""
    major = place.connection.info.server_version // 10_000
    said = f"PostgreSQL {major}"
    if not OLDEST <= major <= NEWEST:
        return odd("database", said, f"{OLDEST} to {NEWEST} are promised")
    return good("database", said)


def durability(place: Place) -> Finding:
    """An answered 200 must outlive a crash."""
    off = [name for name in DURABLE if place.value("SELECT current_setting(%s)", name) == "off"]
    if off:
        said = f"{', '.join(off)} is off: what was answered 200 can be lost"
        return wrong("durability", said, "turn it on, for the server and for our user")
    return good("durability", "a commit is on disk before it is answered")


def writable(place: Place) -> Finding:
    """A standby takes nothing."""
    if place.value("SELECT pg_is_in_recovery()"):
        return wrong("writable", "this is a standby", "name the primary in DATABASE_URL")
    return good("writable", "the primary")


def clock(place: Place) -> Finding:
    """Recorded times are ours; leases and pages use the database's."""
    theirs = place.value("SELECT clock_timestamp()")
    skew_seconds = abs((theirs - datetime.now(UTC)).total_seconds())
    if skew_seconds > SKEW_SECONDS:
        said = f"the database's clock and ours differ by {skew_seconds:.0f} s"
        return wrong("database clock", said, "let both follow NTP")
    return good("database clock", "agrees with ours")


def migrated(place: Place) -> Finding:
    """Whether the stores are of this release."""
    there = place.value("SELECT to_regnamespace(%s) IS NOT NULL", place.names.ledger)
    done = applied(place.connection, place.names) if there else frozenset[str]()
    missing = [step.name for step in STEPS if step.name not in done]
    if missing:
        return wrong("schemas", f"not migrated: {', '.join(missing)}", "run `billing migrate`")
    return good("schemas", "of this release")


def append_only(place: Place) -> Finding:
    """The role that writes may append by a function, and edit nothing."""
    names, held = place.names, []
    for schema in (*names.stores, names.reactions):
        tables = place.connection.execute(_EDITABLE, [list(EDITING), schema, names.writer])
        held += [f"{right} on {schema}.{table}" for table, right in tables]
    if held:
        said = f"{names.writer} could edit history: {', '.join(held)}"
        return wrong("append only", said, "revoke that; `billing migrate` never grants it")
    return good("append only", f"{names.writer} can add to history and not change it")


def superuser(place: Place) -> Finding:
    """Whoever may do anything can also edit history."""
    if place.value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        remedy = "use a role of its own that may only SET ROLE to the billing roles"
        return odd("database user", "DATABASE_URL's user is a superuser", remedy)
    return good("database user", "no superuser")


_EDITABLE = SQL(
    "SELECT tablename, r FROM pg_tables, unnest(%s::text[]) r WHERE schemaname = %s"
    " AND tablename IN ('events', 'seals') AND has_table_privilege("
    "%s, quote_ident(schemaname) || '.' || quote_ident(tablename), r) ORDER BY 1, 2"
)

CHECKS: tuple[Check[Place], ...] = (
    version,
    writable,
    durability,
    clock,
    migrated,
    append_only,
    superuser,
)
