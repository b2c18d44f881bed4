"""A rebuild: equal to what was live, never in a reader's way, and reversible."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import IsolationLevel
from psycopg.sql import SQL

from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.event import Event
from projections.comparison import Difference, Sample
from projections.generations import Generation, Generations, shape
from projections.projector import Projector
from projections.rebuild import NothingToGoBackTo, Rebuild, RebuildRunning
from projections.registry import PROJECTIONS
from projections.schema import VIEWS_LOCK, connect, migrate
from tests.projections.given import given
from tests.projections.ledger import NAMES, append, finance, project, reading, stored
from tests.system.patience import until

SCHEMA = NAMES.projections


def wallet(number: int) -> str:
    return f"wallet/stripe/live//user_{number}"


def spending(wallet_number: int, times: int = 1) -> list[Event]:
    spent = (Spent(key=f"k{n}", credits=1, totals=Totals(99, n)) for n in range(1, times + 1))
    return given(wallet(wallet_number), *spent)


def current(url: str) -> Generation:
    with connect(url, NAMES) as connection:
        return Generations(SCHEMA).current(connection)


def rebuilt(url: str) -> list[Difference]:
    """Rebuild and switch; what differed."""
    with Rebuild(url, NAMES) as run:
        run.fold()
        differences = run.compare()
        run.switch(run.write())
    return [each for each in differences if not each.is_empty]


def test_rebuilt_tables_equal_the_live_ones(tables_url: str) -> None:
    append(tables_url, [*spending(1, 3), *spending(2)])
    project(tables_url)
    before = stored(tables_url)

    assert rebuilt(tables_url) == []

    assert stored(tables_url) == before
    assert current(tables_url).number == 2


def test_a_row_somebody_changed_is_shown_and_mended(tables_url: str) -> None:
    append(tables_url, [*spending(1), *spending(2), *spending(3)])
    project(tables_url)
    with connect(tables_url, NAMES) as connection:
        table = "billing_projections.balances_1"
        connection.execute(f"UPDATE {table} SET spent = 7 WHERE customer_id = 'user_1'")  # noqa: S608 - a constant
        connection.execute(f"UPDATE {table} SET stream = 'x' WHERE customer_id = 'user_2'")  # noqa: S608 - a constant

    (difference,) = rebuilt(tables_url)

    assert difference == Difference(
        table="balances",
        rows=3,
        added=1,
        gone=1,
        changed=1,
        samples={
            "changed": [Sample(wallet(1), {"spent": (7, 1)})],
            "added": [Sample(wallet(2))],
            "gone": [Sample("x")],
        },
    )
    assert rebuilt(tables_url) == []


def test_what_the_projector_has_not_done_yet_is_no_difference(tables_url: str) -> None:
    append(tables_url, spending(1))
    project(tables_url)
    append(tables_url, spending(2))

    assert rebuilt(tables_url) == []

    assert len(stored(tables_url)["balances"]) == 1
    assert project(tables_url) == 1
    assert len(stored(tables_url)["balances"]) == 2


def test_events_that_come_while_we_copy_are_caught_up_with(tables_url: str) -> None:
    append(tables_url, spending(1))
    project(tables_url)
    with Rebuild(tables_url, NAMES) as run:
        run.fold()
        run.compare()
        append(tables_url, spending(2))
        project(tables_url)
        new = run.switch(run.write())

    with reading(tables_url) as reader:
        assert new.position == reader.head()
    assert len(stored(tables_url)["balances"]) == 2


def test_a_projector_goes_on_with_the_new_tables(tables_url: str) -> None:
    append(tables_url, spending(1))
    projector = Projector(tables_url, NAMES)
    projector.run_until_idle()
    rebuilt(tables_url)
    append(tables_url, spending(2))

    assert projector.run_until_idle() == 1

    assert len(stored(tables_url)["balances"]) == 2
    projector.close()


def test_one_can_switch_back_and_forth(tables_url: str) -> None:
    append(tables_url, spending(1))
    project(tables_url)
    rebuilt(tables_url)
    append(tables_url, spending(2))
    project(tables_url)

    with Rebuild(tables_url, NAMES) as run:
        assert run.back().number == 1
        assert len(stored(tables_url)["balances"]) == 2
        assert run.back().number == 2


def test_without_a_rebuild_there_is_nothing_to_go_back_to(tables_url: str) -> None:
    with Rebuild(tables_url, NAMES) as run, pytest.raises(NothingToGoBackTo):
        run.back()


def test_only_the_generation_before_is_kept(tables_url: str) -> None:
    for _ in range(3):
        rebuilt(tables_url)

    with connect(tables_url, NAMES) as connection:
        assert [each.number for each in Generations(SCHEMA).all(connection)] == [3, 4]
        assert Generations(SCHEMA).tables(connection, 2) == []


def test_what_an_interrupted_rebuild_left_is_no_obstacle(tables_url: str) -> None:
    with connect(tables_url, NAMES) as connection:
        connection.execute("CREATE TABLE billing_projections.balances_2 ()")

    assert rebuilt(tables_url) == []


def test_one_rebuild_runs_at_a_time(tables_url: str) -> None:
    with Rebuild(tables_url, NAMES), pytest.raises(RebuildRunning):
        Rebuild(tables_url, NAMES).__enter__()


def test_a_release_with_other_columns_compares_the_shared_ones(database_url: str) -> None:
    migrate(database_url)
    append(database_url, spending(1))
    project(database_url)
    with connect(database_url, NAMES) as connection:
        connection.execute("ALTER TABLE billing_projections.balances_1 DROP COLUMN spent CASCADE")
        connection.execute("DROP TABLE billing_projections.customers_1 CASCADE")
        connection.execute("UPDATE billing_projections.generations SET shape = 'of yesterday'")

    assert not migrate(database_url)
    assert rebuilt(database_url) == []
    assert migrate(database_url)
    assert current(database_url).shape == shape(PROJECTIONS)


def test_a_reader_whose_snapshot_is_older_sees_no_empty_table(tables_url: str) -> None:
    append(tables_url, spending(1))
    project(tables_url)
    with finance(tables_url) as reader:
        reader.isolation_level = IsolationLevel.REPEATABLE_READ
        with reader.transaction():
            reader.execute("SELECT now()")
            rebuilt(tables_url)

            assert _count(reader) == 1


def test_a_switch_waits_for_a_migration_that_is_at_the_views(tables_url: str) -> None:
    with connect(tables_url, NAMES) as migration:
        migration.execute("SELECT pg_advisory_lock(%s)", [VIEWS_LOCK])
        with _thread(lambda: rebuilt(tables_url), threading.Event()):
            _await_a_waiting_lock(migration)
            assert current(tables_url).number == 1
            migration.execute("SELECT pg_advisory_unlock(%s)", [VIEWS_LOCK])

    assert current(tables_url).number == 2


def test_a_rebuild_beside_a_writer_and_readers_disturbs_neither(tables_url: str) -> None:
    append(tables_url, spending(0))
    project(tables_url)
    with _readers(tables_url) as seen, _writer(tables_url) as written:
        for _ in range(4):
            assert rebuilt(tables_url) == []

    project(tables_url)
    assert len(stored(tables_url)["balances"]) == written[-1] + 1
    with reading(tables_url) as reader:
        assert current(tables_url).position == reader.head()
    assert rebuilt(tables_url) == []
    for counts in seen:
        assert counts == sorted(counts), "a reader went back in time"
        assert counts[0] >= 1


@contextmanager
def _writer(url: str) -> Iterator[list[int]]:
    """Appends new wallets and projects them, all the time."""
    written, stop, projector = [0], threading.Event(), Projector(url, NAMES)

    def write() -> None:
        while not stop.is_set():
            append(url, spending(written[-1] + 1))
            written.append(written[-1] + 1)
            projector.run_until_idle()

    with _thread(write, stop):
        yield written
    projector.close()


@contextmanager
def _readers(url: str) -> Iterator[list[list[int]]]:
    """Count the wallets, all the time; a read that fails fails the test."""
    seen: list[list[int]] = [[], []]
    stop = threading.Event()

    def read(counts: list[int]) -> None:
        with finance(url) as connection:
            while not stop.is_set():
                counts.append(_count(connection))

    with _thread(lambda: read(seen[0]), stop), _thread(lambda: read(seen[1]), stop):
        until(lambda: all(seen), "both to read")
        yield seen


@contextmanager
def _thread(work: Any, stop: threading.Event) -> Iterator[None]:
    """Runs `work` beside the test; what it raises, pytest turns into a failure."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _await_a_waiting_lock(connection: psycopg.Connection[Any]) -> None:
    query = """
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    while connection.execute(query).fetchone() is None:
        time.sleep(0.001)


def _count(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(SQL("SELECT count(*) FROM finance.balances")).fetchone()
    assert row is not None
    return int(row[0])
