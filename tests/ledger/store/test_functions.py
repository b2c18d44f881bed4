"""The append functions keep their promises whatever the database is set to."""

from collections.abc import Iterator

import psycopg
import pytest

from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event

APPEND = "SELECT billing_ledger.append('{a}', '{1}', '{t}', '{x}')"


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url) as each:
        yield each


@pytest.mark.parametrize(
    ("given", "kept"), [("off", "on"), ("on", "on"), ("remote_apply", "remote_apply")]
)
def test_nobody_is_answered_before_the_flush(
    connection: psycopg.Connection, given: str, kept: str
) -> None:
    connection.execute(f"SET synchronous_commit = {given}".encode())

    connection.execute(APPEND)

    assert connection.execute("SHOW synchronous_commit").fetchone() == (kept,)
    connection.rollback()


def test_nobodys_search_path_changes_what_they_do(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA trap")
    connection.execute("GRANT USAGE ON SCHEMA trap TO PUBLIC")
    connection.execute(
        "CREATE FUNCTION trap.array_agg(bigint) RETURNS bigint[]"
        " LANGUAGE sql AS $$ SELECT '{666}'::bigint[] $$"
    )
    connection.execute("SET search_path = trap, pg_catalog")

    assert connection.execute(APPEND).fetchone() == ([1],)


def test_appends_do_not_stand_in_the_way_of_a_vacuum(
    database_url: str, connection: psycopg.Connection, recorder: GroupCommitRecorder
) -> None:
    connection.execute(APPEND)  # and its transaction stays open, holding the append lock

    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SET lock_timeout = '10s'")
        other.execute("VACUUM ANALYZE billing_ledger.events")

    connection.commit()
    assert recorder.insert_events([stored_event("b")]) == [2]
