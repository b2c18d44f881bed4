"""The projector: once, in order, by one at a time, and through all that happens to connections."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.event import Event
from ledger.store.waker import Waker
from projections.balances import Balance
from projections.generations import Generations, Moved
from projections.projector import BATCH_BYTES, Projector, batch
from projections.schema import connect
from tests.projections.given import WALLET, given
from tests.projections.ledger import NAMES, append, project, reading, stored

PATIENCE_SECONDS = 120.0


def spending(times: int) -> list[Event]:
    return given(
        WALLET,
        *(Spent(key=f"k{n}", credits=1, totals=Totals(99, n)) for n in range(1, times + 1)),
    )


def spent(url: str) -> int:
    rows = stored(url)["balances"].values()
    return sum(row.spent for row in rows if isinstance(row, Balance))


def position(url: str) -> int:
    with connect(url, NAMES) as connection:
        return Generations(NAMES.projections).current(connection).position


@contextmanager
def running(url: str) -> Iterator[Projector]:
    """A projector at work in a thread of its own."""
    projector, waker, stop = Projector(url, NAMES), Waker(url, NAMES.ledger), threading.Event()
    thread = threading.Thread(target=projector.run, args=(waker, stop))
    thread.start()
    try:
        yield projector
    finally:
        stop.set()
        thread.join()
        waker.close()
        projector.close()


def await_position(url: str, reached: int) -> None:
    deadline = threading.Event()
    timer = threading.Timer(PATIENCE_SECONDS, deadline.set)
    timer.start()
    while position(url) < reached:
        assert not deadline.wait(0.01), "the projector did not catch up"
    timer.cancel()


def test_what_is_in_the_ledger_gets_into_the_tables_once(tables_url: str) -> None:
    append(tables_url, spending(3))

    assert project(tables_url) == 3
    assert project(tables_url) == 0
    assert spent(tables_url) == 3


def test_the_position_is_that_of_the_last_event(tables_url: str) -> None:
    append(tables_url, spending(3))

    project(tables_url)

    with reading(tables_url) as reader:
        assert position(tables_url) == reader.head()


def test_of_two_projectors_one_goes_on_and_the_other_fails_cleanly(tables_url: str) -> None:
    one, other = Projector(tables_url, NAMES), Projector(tables_url, NAMES)
    events = spending(3)
    append(tables_url, events[:1])
    one.work_batch()
    other.work_batch()
    append(tables_url, events[1:2])
    one.work_batch()
    append(tables_url, events[2:])

    with pytest.raises(Moved, match="somebody else"):
        other.work_batch()

    assert spent(tables_url) == 2
    one.run_until_idle()
    assert spent(tables_url) == 3
    one.close()
    other.close()


def test_a_running_projector_follows_what_is_appended(tables_url: str) -> None:
    events = spending(20)
    with running(tables_url):
        for event in events:
            append(tables_url, [event])
        with reading(tables_url) as reader:
            await_position(tables_url, reader.head())

    assert spent(tables_url) == 20


def test_lost_connections_are_survived(tables_url: str) -> None:
    events = spending(2)
    with running(tables_url), reading(tables_url) as reader:
        append(tables_url, events[:1])
        await_position(tables_url, reader.head())
        _hang_up_on_everybody(tables_url)
        append(tables_url, events[1:])
        await_position(tables_url, reader.head())

    assert spent(tables_url) == 2


def test_a_batch_is_bounded_by_its_bytes(tables_url: str) -> None:
    big = "x" * (BATCH_BYTES // 2)
    append(
        tables_url,
        given(WALLET, *(Spent(key=big + str(n), credits=1, totals=Totals(9)) for n in range(3))),
    )

    with reading(tables_url) as reader:
        assert [len(batch(reader, position)) for position in (0, 1, 2, 3)] == [1, 1, 1, 0]


def _hang_up_on_everybody(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
