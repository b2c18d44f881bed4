"""Ctrl-C in the middle of a commit: the server finishes, the followers are served."""

import os
import signal
from collections.abc import Iterator
from threading import Thread
from time import sleep

import psycopg
import pytest

from ledger.store.log import LogReader
from ledger.store.names import Names, append_lock
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import at_once, stored_event

WAITING = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C interrupts, also where whoever runs the tests in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_an_interrupted_leader_strands_nobody_and_cancels_nothing(
    database_url: str, recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    recorder.insert_events([stored_event("before")])
    results: list[list[object]] = []

    def follow() -> None:
        results.append(at_once(lambda n: recorder.insert_events([stored_event(f"f{n}")]), range(8)))

    followers = Thread(target=follow)

    with psycopg.connect(database_url, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", [append_lock(Names.ledger)])

        def interrupt_the_leader() -> None:
            while holder.execute(WAITING).fetchone() == (0,):
                sleep(0.01)
            followers.start()
            os.kill(os.getpid(), signal.SIGINT)

        Thread(target=interrupt_the_leader).start()
        with pytest.raises(KeyboardInterrupt):
            recorder.insert_events([stored_event("leader")])
        holder.execute("SELECT pg_advisory_unlock_all()")
    followers.join()

    streams = [entry[1] for entry in reader.entries(0)]
    assert streams[:2] == ["before", "leader"]
    assert sorted(streams[2:]) == [f"f{n}" for n in range(8)]
    assert len(results[0]) == 8
