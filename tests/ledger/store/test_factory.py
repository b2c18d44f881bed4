"""The library's applications use our stores with nothing but an environment."""

import psycopg
import pytest
from eventsourcing.application import Application
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.store.factory import UnsafeFunctions, application_env
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event


def test_an_application_appends_with_our_recorder(database_url: str) -> None:
    with Application[str](application_env(database_url, Names.inbox)) as application:
        application.recorder.insert_events([stored_event("a")])

        assert isinstance(application.recorder, GroupCommitRecorder)
        assert application.recorder.select_events("a") == [stored_event("a")]


def test_two_applications_keep_their_own_events(database_url: str) -> None:
    with (
        Application[str](application_env(database_url, Names.inbox)) as inbox,
        Application[str](application_env(database_url, Names.ledger)) as ledger,
    ):
        inbox.recorder.insert_events([stored_event("a")])

        assert ledger.recorder.select_events("a") == []


def test_no_connection_is_made_before_it_is_needed() -> None:
    env = application_env("postgresql://nobody@127.0.0.1:1/nowhere", Names.inbox)

    with Application[str](env) as application:
        assert isinstance(application.recorder, GroupCommitRecorder)


def test_of_several_hosts_the_one_that_answers_is_used(database_url: str) -> None:
    there = conninfo_to_dict(database_url)
    hosts = {"host": f"127.0.0.1,{there['host']}", "port": f"1,{there['port']}"}
    env = application_env(make_conninfo(database_url, **hosts), Names.ledger)

    with Application[str](env) as application:
        assert application.recorder.insert_events([stored_event("a")]) == [1]


def test_tables_are_never_made_by_an_application(database_url: str) -> None:
    env = {**application_env(database_url, Names.ledger), "CREATE_TABLE": "yes"}

    with Application[str](env), psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'billing_ledger' ORDER BY 1"
        ).fetchall()

    assert tables == [("events",), ("migrations",), ("positions",), ("seals",)]


def test_the_librarys_own_functions_are_refused(database_url: str) -> None:
    env = {**application_env(database_url, Names.ledger), "POSTGRES_ENABLE_DB_FUNCTIONS": "y"}

    with pytest.raises(UnsafeFunctions):
        Application[str](env)


def test_connections_speak_as_the_writer_and_give_up_in_time(database_url: str) -> None:
    env = application_env(database_url, Names.ledger, pool_size=2, limit_seconds=2.0)

    with Application[str](env) as application:
        recorder = application.recorder
        assert isinstance(recorder, GroupCommitRecorder)
        with recorder.datastore.get_connection() as connection:
            row = connection.execute(
                "SELECT current_user AS role, current_setting('statement_timeout') AS timeout"
            ).fetchone()

    assert row == {"role": "billing_writer", "timeout": "1600ms"}
