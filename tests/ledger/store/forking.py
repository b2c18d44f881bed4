"""A process that forks after it used the store, as a web server with preloading does."""

import os
import sys
from threading import Thread

from ledger.store.datastore import Datastore
from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import at_once, stored_event

CHILDREN = 4


def main(url: str) -> int:
    """0 if parent and children can all append and read, before and after."""
    recorder = GroupCommitRecorder(Datastore(url, Names.ledger, limit_seconds=60.0))
    reader = LogReader(url, Names.ledger, limit_seconds=60.0)
    recorder.insert_events([stored_event("before")])
    reader.head()
    busy = Thread(target=append_many, args=(recorder, "busy"))
    busy.start()  # the group is in use while we fork
    children = [fork(recorder, reader, n) for n in range(CHILDREN)]
    busy.join()
    append_many(recorder, "parent")
    failed = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    recorder.datastore.close()
    reader.close()
    return sum(failed)


def fork(recorder: GroupCommitRecorder, reader: LogReader, number: int) -> int:
    child = os.fork()
    if child == 0:
        append_many(recorder, f"child {number}")
        os._exit(0 if reader.head() > 0 else 1)
    return child


def append_many(recorder: GroupCommitRecorder, name: str) -> None:
    def append(thread: int) -> None:
        for call in range(20):
            recorder.insert_events([stored_event(f"{name} {thread} {call}")])

    at_once(append, range(8))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
