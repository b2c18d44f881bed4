"""The fetcher: follows the Inbox and runs the errand each delivery asks for, once.

It comes behind the bookkeeper, so that the last word on a thin delivery is where its snapshot is.
What it has to say and its position are stored in one transaction; a crash means only that the same
is asked again, and the Inbox keeps what was fetched once, whoever brings it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from eventsourcing.persistence import OperationalError

from ledger import bookkeeper
from ledger.aggregates.bookkeeping import BatchKept, Bookkeeping, Entry
from ledger.application import Ledger
from ledger.delivery import Delivery
from ledger.event import Cause, Event
from ledger.providers.problems import ProviderProblem
from ledger.store.log import LogReader, Record
from ledger.store.positions import Fence

PAGE = 500  # deliveries
LOOK_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

_log = logging.getLogger(__name__)


class Errands(Protocol):
    """What has to be fetched for deliveries, of one kind.

    `position` names how far it has come, `pause_seconds` is left after each errand so that nobody
    is asked too often.
    """

    @property
    def position(self) -> str:
        """Of its follower."""

    @property
    def pause_seconds(self) -> float:
        """Between errands."""

    def needed(self, delivery: Delivery) -> bool:
        """Whether anything is to be fetched for a delivery."""

    def run(self, delivery: Delivery) -> Sequence[Entry]:
        """Fetches it into the Inbox; what is to be said of deliveries after that.

        Raises a ProviderProblem that may pass, and StoreUnavailable.
        """

    def close(self) -> None:
        """Hang up."""


class Fetcher:
    """Works for one thread. Only one is to run at a time; a second one's work fails its fence."""

    def __init__(
        self,
        errands: Errands,
        stores: tuple[LogReader, LogReader, Ledger],
        livemode: bool,
        clock: Callable[[], datetime],
    ) -> None:
        """`stores`: the Inbox and the Ledger to read, and the Ledger to write to."""
        self._errands = errands
        self._inbox, self._history, self._ledger = stores
        self._livemode = livemode
        self._clock = clock
        self._position: int | None = None

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set. Stripe or a database out of reach is waited for.

        Raises PositionMoved when another fetcher is at work.
        """
        pause_seconds = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            try:
                if not self.work_batch(stop):
                    stop.wait(LOOK_SECONDS)
                pause_seconds = FIRST_PAUSE_SECONDS
            except (ProviderProblem, OperationalError) as problem:
                _log.warning("the fetcher tries again in %g s: %s", pause_seconds, problem)
                self._position = None
                stop.wait(pause_seconds)
                pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)

    def run_until_idle(self) -> None:
        """Runs all errands there are. Raises a ProviderProblem at the first that fails."""
        while self.work_batch(threading.Event()):
            pass

    def work_batch(self, stop: threading.Event) -> int:
        """Looks through the next deliveries and runs their errands; returns how many it saw.

        Each one run is stored at once, so that the next one's failure undoes nothing.
        """
        records = self._next()
        for at, _, state in records:
            delivery = Delivery.from_state(state)
            if delivery.envelope.livemode == self._livemode and self._errands.needed(delivery):
                if stop.is_set():
                    return 0
                self._store(self._errands.run(delivery), at)
                stop.wait(self._errands.pause_seconds)
        if records:
            self._store((), records[-1][0])
        return len(records)

    def close(self) -> None:
        """Hang up."""
        self._errands.close()
        self._inbox.close()
        self._history.close()
        self._ledger.close()

    def _next(self) -> list[Record]:
        if self._position is None:
            self._position = self._history.position(self._errands.position)
        return self._inbox.after(self._position, PAGE, self._history.position(bookkeeper.POSITION))

    def _store(self, said: Sequence[Entry], position: int) -> None:
        assert self._position is not None
        if said or position > self._position:
            fence = Fence(self._errands.position, self._position, position)
            self._ledger.append(self._record(said, position), fence)
        self._position = position

    def _record(self, said: Sequence[Entry], at: int) -> list[Event]:
        """What is to be said, as an event; none for nothing."""
        if not said:
            return []
        now, name = self._clock(), self._errands.position
        record = Bookkeeping(f"{Bookkeeping.CATEGORY}/{name}-{at}")
        kept = BatchKept(entries=tuple(said), inbox_position=at)
        record.trigger_event(kept, Cause(name, now, now))
        return list(record.collect_events())
