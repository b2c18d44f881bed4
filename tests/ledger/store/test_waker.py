"""A follower wakes when something came, and looks regularly when nobody tells it anything."""

import logging
from collections.abc import Iterator
from threading import Thread

import psycopg
import pytest

from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from ledger.store.waker import Waker
from tests.ledger.store.examples import stored_event
from tests.ledger.store.proxy import Proxy

LONG = 300.0  # seconds; no test waits as long unless something is broken


@pytest.fixture
def waker(database_url: str) -> Iterator[Waker]:
    each = Waker(database_url, Names.ledger, poll_seconds=LONG)
    yield each
    each.close()


def test_the_first_wait_returns_at_once_so_that_nothing_is_missed(waker: Waker) -> None:
    assert waker.wait()


def test_what_came_before_the_wait_is_not_missed(
    waker: Waker, recorder: GroupCommitRecorder
) -> None:
    waker.wait()
    recorder.insert_events([stored_event("a")])

    assert waker.wait()


def test_what_comes_during_the_wait_ends_it(waker: Waker, recorder: GroupCommitRecorder) -> None:
    waker.wait()
    append = Thread(target=recorder.insert_events, args=([stored_event("a")],))
    append.start()

    assert waker.wait()
    append.join()


def test_silence_ends_the_wait_too(waker: Waker) -> None:
    waker.wait()

    assert not waker.wait(timeout=0.01)


def test_a_killed_connection_is_replaced_and_nothing_missed(
    database_url: str,
    waker: Waker,
    recorder: GroupCommitRecorder,
    reader: LogReader,
    caplog: pytest.LogCaptureFixture,
) -> None:
    waker.wait()
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
    recorder.insert_events([stored_event("a")])

    with caplog.at_level(logging.WARNING):
        while reader.head() == 0 or not waker.wait(timeout=0.1):
            pass

    assert "not listening to billing_ledger_events" in caplog.text
    recorder.insert_events([stored_event("b")])
    assert waker.wait()


def test_a_server_that_is_away_is_looked_for_again(database_url: str) -> None:
    with Proxy(database_url) as proxy:
        away = proxy.url
    waker = Waker(away, Names.ledger)

    assert [waker.wait(timeout=0.01) for _ in range(5)] == [False] * 5
