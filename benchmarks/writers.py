"""Three ways to store one row a call: ours, a plain insert, and the library's own recorder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from time import monotonic, sleep
from typing import Any

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from benchmarks.requests import bodies
from ledger.delivery import Delivery
from ledger.store.datastore import Datastore
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from web.server import POOL_SIZE

OURS, PLAIN, LIBRARY = "ours", "plain inserts", "the library's"
EXAMPLES = 200
TOPIC = Delivery.TOPIC
WARM_UP = "warm"  # one row a thread, stored before the start

Append = Callable[[StoredEvent], object]


@dataclass(frozen=True)
class Writer:
    """How a process gets one `Append` for each thread, and what has to be there before."""

    table: str
    prepare: Callable[[str], None]
    open: Callable[[str, int], AbstractContextManager[list[Append]]]


@dataclass(frozen=True)
class Job:
    """One process's share of a round."""

    writer: str
    url: str
    threads: int
    seconds: float


def write(job: Job, start: float, process: int) -> int:
    """How many rows this process stored in the seconds from `start` (monotonic)."""
    states = [b'{"envelope":{}}\n' + body for body in bodies(EXAMPLES)]
    opened = WRITERS[job.writer].open(job.url, job.threads)
    with opened as appends, ThreadPoolExecutor(job.threads) as pool:
        runs = [
            pool.submit(_write, append, f"{start}-{process}-{thread}", states, start, job)
            for thread, append in enumerate(appends)
        ]
        return sum(run.result() for run in runs)


def _write(append: Append, prefix: str, states: list[bytes], start: float, job: Job) -> int:
    stream = f"delivery/stripe/test//{prefix}"
    append(StoredEvent(f"{stream}-{WARM_UP}", 1, TOPIC, states[0]))
    sleep(max(0.0, start - monotonic()))
    end = monotonic() + job.seconds
    for number, state in enumerate(cycle(states)):
        append(StoredEvent(f"{stream}-{number}", 1, TOPIC, state))
        if monotonic() >= end:
            return number + 1
    raise AssertionError("cycle() never ends")


# ---- ours ---------------------------------------------------------------------------------------


@contextmanager
def _ours(url: str, threads: int) -> Iterator[list[Append]]:
    """Through one recorder, with the few connections a web worker has."""
    with closing(Datastore(url, Names.inbox, pool_size=POOL_SIZE)) as datastore:
        recorder = GroupCommitRecorder(datastore)
        yield [lambda event: recorder.insert_events([event])] * threads


# ---- plain inserts ------------------------------------------------------------------------------

INSERT = """
INSERT INTO public.plain (originator_id, originator_version, topic, state)
VALUES (%s, %s, %s, %b)"""


def _prepare_plain(url: str) -> None:
    """A table with the same columns, indexes and settings as the Inbox's."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE public.plain (LIKE billing_inbox.events INCLUDING ALL)")


@contextmanager
def _plain(url: str, threads: int) -> Iterator[list[Append]]:
    """A connection of its own for each thread; no order of positions is promised."""
    with ExitStack() as stack:
        connections = [
            stack.enter_context(psycopg.connect(url, autocommit=True)) for _ in range(threads)
        ]
        yield [partial(_insert, each) for each in connections]


def _insert(connection: psycopg.Connection[Any], event: StoredEvent) -> None:
    values = (event.originator_id, event.originator_version, event.topic, event.state)
    connection.execute(INSERT, values, prepare=True)


# ---- the library's recorder ---------------------------------------------------------------------


def _library_recorder(url: str, threads: int) -> PostgresApplicationRecorder:
    parts = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        *(str(parts[name]) for name in ("dbname", "host", "port", "user", "password")),
        schema="public",
        pool_size=threads,
        originator_id_type="text",
    )
    return PostgresApplicationRecorder(datastore)


def _prepare_library(url: str) -> None:
    with closing(_library_recorder(url, 1).datastore) as datastore:
        PostgresApplicationRecorder(datastore).create_table()


@contextmanager
def _library(url: str, threads: int) -> Iterator[list[Append]]:
    """As it comes, with text ids and a connection for each thread."""
    recorder = _library_recorder(url, threads)
    with closing(recorder.datastore):
        yield [lambda event: recorder.insert_events([event])] * threads


WRITERS = {
    OURS: Writer(f"{Names.inbox}.events", lambda url: None, _ours),
    PLAIN: Writer("public.plain", _prepare_plain, _plain),
    LIBRARY: Writer("public.stored_events", _prepare_library, _library),
}
