"""One leads, the next stands by and takes over, however the first one ended."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Event, Thread

import psycopg
import pytest

from ledger.store.leadership import Leadership, Mandate

NewLeadership = Callable[[str], Leadership]
LONG = 300.0  # seconds; no test waits as long unless something is broken


@pytest.fixture
def candidate(database_url: str) -> Iterator[NewLeadership]:
    """Makes candidates for a lead: `candidate("books")`."""
    made: list[Leadership] = []

    def make(name: str) -> Leadership:
        made.append(Leadership(database_url, name))
        return made[-1]

    yield make
    for each in made:
        each.release()


def test_only_one_leads(candidate: NewLeadership) -> None:
    first, second = candidate("books"), candidate("books")

    assert first.acquire(timeout=LONG)
    assert first.held()
    assert not second.acquire(timeout=0.0)
    assert not second.held()


def test_leads_of_different_names_do_not_meet(candidate: NewLeadership) -> None:
    assert candidate("books").acquire(timeout=LONG)
    assert candidate("tables").acquire(timeout=0.0)


def test_whoever_leads_may_ask_again(candidate: NewLeadership) -> None:
    leader, other = candidate("books"), candidate("books")
    assert leader.acquire(timeout=LONG)
    assert leader.acquire(timeout=0.0)

    leader.release()

    assert other.acquire(timeout=0.0)


def test_the_next_takes_over_when_the_first_lets_go(candidate: NewLeadership) -> None:
    first, second = candidate("books"), candidate("books")
    first.acquire(timeout=LONG)
    took_over = Event()

    def stand_by() -> None:
        if second.acquire(timeout=LONG):
            took_over.set()

    standing_by = Thread(target=stand_by)
    standing_by.start()
    first.release()

    assert took_over.wait(LONG)
    standing_by.join()
    assert not first.held()


def test_the_next_takes_over_when_the_first_is_killed(
    database_url: str, candidate: NewLeadership
) -> None:
    command = [sys.executable, "-m", "tests.ledger.store.writers", database_url, "books"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline() == "leading\n"
            second = candidate("books")
            assert not second.acquire(timeout=0.0)
        finally:
            first.kill()

        assert second.acquire(timeout=LONG)


def test_a_leader_knows_when_its_connection_is_gone(
    database_url: str, candidate: NewLeadership
) -> None:
    first, second = candidate("books"), candidate("books")
    first.acquire(timeout=LONG)

    cut_all_off(database_url)

    assert second.acquire(timeout=LONG)
    assert not first.held()


def test_standing_by_ends_when_it_is_told_to_stop(candidate: NewLeadership) -> None:
    candidate("books").acquire(timeout=LONG)
    stop = Event()
    stop.set()

    assert not candidate("books").acquire(stop=stop)


def test_a_server_that_is_away_is_waited_for() -> None:
    nobody_there = Leadership("postgresql://nobody@127.0.0.1:1/nowhere", "books")

    assert not nobody_there.acquire(timeout=0.0)


def test_a_mandate_ends_with_the_lead(database_url: str, candidate: NewLeadership) -> None:
    leader = candidate("books")
    leader.acquire(timeout=LONG)
    mandate = Mandate(leader, Event())
    assert not mandate.is_set()
    assert not mandate.wait(0.0)

    cut_all_off(database_url)

    while not mandate.wait(0.01):
        continue
    assert mandate.is_set()
    assert not leader.held()


def test_a_mandate_ends_at_once_when_it_is_told_to_stop(candidate: NewLeadership) -> None:
    leader, stop = candidate("books"), Event()
    leader.acquire(timeout=LONG)
    mandate = Mandate(leader, stop)

    stop.set()

    assert mandate.is_set()
    assert mandate.wait(LONG)
    assert leader.held()


def cut_all_off(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
