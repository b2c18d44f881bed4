"""Keeps one process running for each worker, since two would share one interpreter's lock."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from time import monotonic

from eventsourcing.persistence import PersistenceError

from ledger.errors import LedgerError
from ledger.settings import Settings
from projections.workers import lead, needed

REFUSED = 3  # the exit status of a worker that would refuse again when started again
MOST_DEATHS = 5
DEATHS_WITHIN_SECONDS = 60.0
LOOK_SECONDS = 0.5
STOP_SECONDS = 30.0

Start = Callable[[str], SpawnProcess]

_log = logging.getLogger(__name__)


class WorkerEnded(LedgerError):
    """A worker refuses to work, or died too often to be started again."""

    def __init__(self, name: str, status: int | None) -> None:
        super().__init__(f"the {name} ended with status {status}; the log above says why")


def supervise(url: str) -> None:
    """Run all workers that are needed until SIGTERM or Ctrl-C. Raises WorkerEnded."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    names = needed(Settings.from_environment())
    keep_running(names, lambda name: start(name, url), stop)


def keep_running(names: Sequence[str], begin: Start, stop: threading.Event) -> None:
    """Start a process for each name, and again when one dies, until `stop` is set."""
    children = {name: begin(name) for name in names}
    deaths: deque[float] = deque(maxlen=MOST_DEATHS)
    try:
        while not stop.is_set():
            wait([child.sentinel for child in children.values()], LOOK_SECONDS)
            for name, child in children.items():
                if not child.is_alive() and not stop.is_set():
                    _look_into(name, child, deaths)
                    children[name] = begin(name)
    finally:
        _end(list(children.values()))


def start(name: str, url: str) -> SpawnProcess:
    """A process of its own for one worker."""
    level = logging.getLogger().getEffectiveLevel()
    child = get_context("spawn").Process(target=work, args=(name, url, level), name=name)
    child.start()
    return child


def work(name: str, url: str, log_level: int) -> None:
    """What such a process does: one worker, until SIGTERM or the supervisor's own death."""
    logging.basicConfig(level=log_level, format="%(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; we are told
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_outlive_nobody, args=(stop,), daemon=True).start()
    try:
        lead(Settings.from_environment(), url, name, stop)
    except (LedgerError, PersistenceError) as error:
        _log.error("the %s cannot work: %s", name, error)
        sys.exit(REFUSED)


def _look_into(name: str, child: SpawnProcess, deaths: deque[float]) -> None:
    """Notes a death. Raises WorkerEnded when starting again would not help."""
    now = monotonic()
    often = len(deaths) == MOST_DEATHS and now - deaths[0] < DEATHS_WITHIN_SECONDS
    if often or child.exitcode == REFUSED:
        raise WorkerEnded(name, child.exitcode)
    deaths.append(now)
    _log.error("the %s died with status %s and is started again", name, child.exitcode)


def _end(children: Sequence[SpawnProcess]) -> None:
    for child in children:
        child.terminate()
    deadline = monotonic() + STOP_SECONDS
    for child in children:
        child.join(max(0.0, deadline - monotonic()))
        if child.is_alive():
            child.kill()
            child.join()


def _outlive_nobody(stop: threading.Event) -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        stop.set()
