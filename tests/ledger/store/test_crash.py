"""A server killed under load has every acknowledged event when it is back."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest

from ledger.embedded.postgres import EmbeddedPostgres
from ledger.store.datastore import Datastore
from ledger.store.errors import StoreUnavailable
from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event
from tests.system.patience import LONGEST_SECONDS, until

THREADS = 16
ENOUGH = 500


def test_every_acknowledged_event_survives(crash_cluster: EmbeddedPostgres) -> None:
    datastore = Datastore(crash_cluster.url, Names.ledger, limit_seconds=1.0)
    recorder = GroupCommitRecorder(datastore)
    acknowledged: dict[int, str] = {}
    killed = Event()

    def append_until_it_is_gone(thread: int) -> None:
        for call in count():
            stream = f"{thread}-{call}"
            try:
                (position,) = recorder.insert_events([stored_event(stream)])
            except StoreUnavailable:
                if killed.is_set():
                    raise
                continue  # the machine is slow, which is no crash
            acknowledged[position] = stream

    with ThreadPoolExecutor(THREADS) as pool:
        writers = [pool.submit(append_until_it_is_gone, n) for n in range(THREADS)]
        until(lambda: len(acknowledged) >= ENOUGH, "enough to be acknowledged")
        pid = crash_cluster.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        killed.set()
        for writer in writers:
            with pytest.raises(StoreUnavailable):
                writer.result()
    crash_cluster.start()

    stored = {entry[0]: entry[1] for entry in all_entries(crash_cluster.url)}
    assert acknowledged.items() <= stored.items()
    datastore.limit_seconds = LONGEST_SECONDS
    recorder.insert_events([stored_event("afterwards")])
    datastore.close()


def all_entries(url: str) -> list[tuple[int, str, int, str, bytes]]:
    reader = LogReader(url, Names.ledger)
    entries = reader.entries(0, limit=10_000_000)
    reader.close()
    return entries
