"""The reactor's process: notes what is to be done, does what is due, and waits for more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from eventsourcing.persistence import OperationalError

from ledger.bookkeeper import stored_streams
from ledger.reactions.effects import World
from ledger.reactions.executor import Executor
from ledger.reactions.reactor import Reactor
from ledger.reactions.store import Reactions
from ledger.reactions.table import DECISIONS, EFFECTS
from ledger.settings import Settings
from ledger.store.log import LogReader
from ledger.store.waker import Waker

_log = logging.getLogger(__name__)


class ReactionWorker:
    """A reactor and an executor that take turns, so that an effect never runs beside another."""

    def __init__(self, settings: Settings, url: str, clock: Callable[[], datetime]) -> None:
        names = settings.names
        self._history, self._log = LogReader(url, names.ledger), LogReader(url, names.reactions)
        self._reactions = Reactions(url, names)
        self._world = World(settings, stored_streams(self._history), clock, url)
        self._rules = (DECISIONS, settings.reacting)
        self._clock = clock
        self._start_over()

    def run(self, waker: Waker, stop: threading.Event) -> None:
        """Works until `stop` is set. A database out of reach is waited for.

        Raises PositionMoved when another reactor is at work, or somebody said where to begin.
        """
        while not stop.is_set():
            try:
                self._reactor.begin()
                while not stop.is_set():
                    if not self.turn():
                        waker.wait()
            except OperationalError as problem:
                _log.warning("the reactor waits for the database: %s", problem)
                self._start_over()
                stop.wait(1.0)

    def run_until_idle(self) -> None:
        """Notes all there is to be done, and tries what is due, each once."""
        self._reactor.begin()
        while self.turn():
            pass

    def turn(self) -> bool:
        """Decides on some events and has one effect; False when there was neither."""
        followed = self._reactor.follow()
        self._executor.follow()
        return self._executor.work() or followed > 0

    def close(self) -> None:
        """Hang up."""
        self._history.close()
        self._log.close()
        self._reactions.close()

    def _start_over(self) -> None:
        self._reactor = Reactor(self._history, self._log, self._reactions, self._rules, self._clock)
        self._executor = Executor(self._log, self._reactions, EFFECTS, self._world, self._clock)
