"""A running bookkeeper hears of deliveries, waits for its database, and stops when told to."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest
from eventsourcing.persistence import PersistenceError

from ledger.application import Inbox
from ledger.bookkeeper import POSITION
from ledger.store.errors import PositionMoved
from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.waker import Waker
from tests.ledger.conftest import NewBookkeeper
from tests.ledger.outage import out_of_reach
from tests.ledger.providers.stripe.payloads import EVENTS, delivery

PATIENCE_SECONDS = 120.0

Run = Callable[[], Future[None]]


@pytest.fixture
def stop() -> Event:
    return Event()


@pytest.fixture
def run(new_bookkeeper: NewBookkeeper, database_url: str, stop: Event) -> Iterator[Run]:
    """Starts a bookkeeper; all are stopped at the end."""
    with ThreadPoolExecutor(2) as pool:

        def work() -> None:
            with closing(Waker(database_url, Names.inbox, poll_seconds=0.05)) as waker:
                new_bookkeeper(limit_seconds=0.5).run(waker, stop)

        yield lambda: pool.submit(work)
        stop.set()


def until(history: LogReader, position: int) -> None:
    """Waits until the bookkeeper has come to `position` of the Inbox."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while history.position(POSITION) < position:
        assert time.monotonic() < give_up_at, "the bookkeeper does not go on"
        time.sleep(0.02)


def test_it_works_off_what_comes_while_it_runs_and_stops(
    run: Run, stop: Event, inbox: Inbox, history: LogReader
) -> None:
    running = run()
    for position, type_ in enumerate(["customer.created", "invoice.paid"], 1):
        inbox.receive(delivery(EVENTS[type_]))
        until(history, position)

    stop.set()

    assert running.result(PATIENCE_SECONDS) is None


def test_it_waits_for_its_database_and_goes_on(
    run: Run, inbox: Inbox, history: LogReader, server_url: str, database_url: str
) -> None:
    running = run()
    inbox.receive(delivery(EVENTS["customer.created"]))
    until(history, 1)

    with out_of_reach(server_url, database_url):
        with pytest.raises(PersistenceError):
            LogReader(database_url, Names.ledger, limit_seconds=0.5).head()
        assert running.running()
    inbox.receive(delivery(EVENTS["invoice.paid"]))

    until(history, 2)
    assert running.running()


def test_one_that_was_overtaken_ends_by_name(
    run: Run, inbox: Inbox, history: LogReader, new_bookkeeper: NewBookkeeper
) -> None:
    inbox.receive(delivery(EVENTS["customer.created"]))
    overtaken = new_bookkeeper()
    overtaken.run_until_idle()
    run()
    inbox.receive(delivery(EVENTS["invoice.paid"]))
    until(history, 2)

    inbox.receive(delivery(EVENTS["refund.created"]))
    until(history, 3)
    with pytest.raises(PositionMoved):
        overtaken.run_until_idle()
