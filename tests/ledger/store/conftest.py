"""Recorders and readers on a fresh database, closed when the test is over."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ledger.store.datastore import Datastore
from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder

NewRecorder = Callable[..., GroupCommitRecorder]


@pytest.fixture
def new_recorder(database_url: str) -> Iterator[NewRecorder]:
    """Makes recorders on the ledger's store: `new_recorder(url=..., limit_seconds=...)`."""
    with ExitStack() as stack:

        def make(url: str = database_url, limit_seconds: float = 20.0) -> GroupCommitRecorder:
            datastore = Datastore(url, Names.ledger, limit_seconds=limit_seconds)
            stack.callback(datastore.close)
            return GroupCommitRecorder(datastore)

        yield make


@pytest.fixture
def recorder(new_recorder: NewRecorder) -> GroupCommitRecorder:
    return new_recorder()


@pytest.fixture
def reader(database_url: str) -> Iterator[LogReader]:
    log = LogReader(database_url, Names.ledger, limit_seconds=20.0)
    yield log
    log.close()
