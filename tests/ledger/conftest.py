"""The two stores on a fresh database, and a bookkeeper at work between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ledger.application import Inbox, Ledger
from ledger.bookkeeper import Bookkeeper
from ledger.clerk import Rules
from ledger.policy import Policy
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.ledger.given import day

NewBookkeeper = Callable[..., Bookkeeper]

NAMES = Names()


@pytest.fixture
def inbox(database_url: str) -> Iterator[Inbox]:
    with Inbox(database_url, NAMES, pool_size=1) as opened:
        yield opened


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    with Ledger(database_url, NAMES, pool_size=2) as opened:
        yield opened


@pytest.fixture
def history(database_url: str) -> Iterator[LogReader]:
    reader = LogReader(database_url, NAMES.ledger)
    yield reader
    reader.close()


@pytest.fixture
def new_bookkeeper(database_url: str, ledger: Ledger) -> Iterator[NewBookkeeper]:
    """Makes bookkeepers that know nothing of each other: `new_bookkeeper(livemode=..., ...)`."""
    with ExitStack() as stack:

        def make(
            livemode: bool = False, ledger: Ledger = ledger, limit_seconds: float = 5.0
        ) -> Bookkeeper:
            readers = [
                LogReader(database_url, schema, limit_seconds=limit_seconds)
                for schema in NAMES.stores
            ]
            for reader in readers:
                stack.callback(reader.close)
            rules = Rules({"stripe": StripeObserver(READERS)}, Policy(), livemode)
            return Bookkeeper(readers[0], readers[1], ledger, rules, lambda: day(99))

        yield make
