"""A process of its own that appends from several threads, or leads until it is killed."""

import sys
from threading import Event

from ledger.store.datastore import Datastore
from ledger.store.leadership import Leadership
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import at_once, stored_event

THREADS = 8
CALLS = 250


def append_many(url: str, process: int) -> int:
    """Eight threads append one to three events a call; returns how many events in all."""
    datastore = Datastore(url, Names.ledger, limit_seconds=60.0)
    recorder = GroupCommitRecorder(datastore)

    def append(thread: int) -> int:
        stored = 0
        for call in range(CALLS):
            stream = f"{process}-{thread}-{call}"
            events = [stored_event(stream, version + 1) for version in range(1 + thread % 3)]
            stored += len(recorder.insert_events(events))
        return stored

    total = sum(at_once(append, range(THREADS)))
    datastore.close()
    return total


def lead(url: str, name: str) -> None:
    """Lead, say so, and go on until killed."""
    leadership = Leadership(url, name)
    if leadership.acquire(timeout=60.0):
        print("leading", flush=True)  # noqa: T201 - the parent reads it
        Event().wait()


if __name__ == "__main__":
    lead(sys.argv[1], sys.argv[2])
