"""The bookkeeper: follows the Inbox in batches and writes what is new into the Ledger, once.

The events of a batch, the record of what became of its deliveries, and the position in the Inbox
are stored in one transaction; so a crash anywhere means only that a batch is done again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from eventsourcing.persistence import IntegrityError, OperationalError

from ledger.aggregates.bookkeeping import BatchKept, Bookkeeping
from ledger.application import Ledger
from ledger.books import Books
from ledger.clerk import Clerk, Rules
from ledger.delivery import Delivery
from ledger.event import Cause, Event
from ledger.events import decode
from ledger.garbage import settle
from ledger.store.errors import PositionMoved
from ledger.store.log import LogReader, Record
from ledger.store.positions import Fence
from ledger.store.waker import Waker

POSITION = "bookkeeper"
BATCH = 200  # deliveries; some 3 kB each
TRIES = 50  # beside a busy wallet nearly all are needed; a lost race costs some milliseconds

_log = logging.getLogger(__name__)


class Bookkeeper:
    """Works deliveries off. Only one is to run at a time; a second one's batch fails its fence."""

    def __init__(
        self,
        inbox: LogReader,
        history: LogReader,
        ledger: Ledger,
        rules: Rules,
        clock: Callable[[], datetime],
    ) -> None:
        self._inbox = inbox
        self._history = history
        self._ledger = ledger
        self._books = Books(stored_streams(history))
        self._clerk = Clerk(self._books, rules)
        self._clock = clock
        self._position: int | None = None

    def run(self, waker: Waker, stop: threading.Event) -> None:
        """Works until `stop` is set. A database out of reach is waited for.

        Raises PositionMoved when another bookkeeper is at work.
        """
        settle()
        while not stop.is_set():
            try:
                while not stop.is_set() and self.work_batch():
                    settle()
                waker.wait()
            except OperationalError as problem:
                _log.warning("the bookkeeper waits for the database: %s", problem)
                stop.wait(1.0)

    def run_until_idle(self) -> int:
        """Works off all there is; returns how many deliveries that were."""
        done = 0
        while count := self.work_batch():
            done += count
        return done

    def work_batch(self, limit: int = BATCH) -> int:
        """Works off the next deliveries, `limit` at most; returns how many that were.

        When a command has written to one of the same streams meanwhile, the batch is done again
        with what it wrote; a much smaller one each time, soon of one delivery, to get through.
        """
        for attempt in range(TRIES):
            records = self._next(max(1, limit >> 2 * attempt))
            if not records:
                return 0
            try:
                with self._wholly_or_anew():
                    self._store(self._keep(records), records[-1][0])
            except PositionMoved:
                raise
            except IntegrityError:
                if attempt == TRIES - 1:
                    raise
                continue
            return len(records)
        return 0

    def close(self) -> None:
        """Hang up."""
        self._inbox.close()
        self._history.close()
        self._ledger.close()

    def _next(self, limit: int) -> list[Record]:
        if self._position is None:
            self._position = self._history.position(POSITION)
        return self._inbox.after(self._position, limit)

    def _keep(self, records: Sequence[Record]) -> list[Event]:
        """The events of these deliveries, and the record of what became of each."""
        now = self._clock()
        deliveries = [Delivery.from_state(state) for *_, state in records]
        entries = self._clerk.keep(deliveries, now)
        events = self._books.collect_events()
        first, last = records[0][0], records[-1][0]
        record = Bookkeeping(f"{Bookkeeping.CATEGORY}/{first}-{last}")
        why = Cause(POSITION, now, now)
        record.trigger_event(BatchKept(entries=entries, inbox_position=last), why)
        return [*events, *record.collect_events()]

    def _store(self, events: Sequence[Event], position: int) -> None:
        assert self._position is not None
        self._ledger.append(events, Fence(POSITION, self._position, position))
        self._position = position

    @contextmanager
    def _wholly_or_anew(self) -> Iterator[None]:
        """What was worked out and not stored must not stay in the books."""
        try:
            yield
        except BaseException:
            self._start_over()
            raise

    def _start_over(self) -> None:
        self._books.forget()
        self._position = None


def stored_streams(history: LogReader) -> Callable[[Sequence[str]], Mapping[str, Sequence[Event]]]:
    """Loads streams for the Books from the Ledger, many in one round trip."""

    def load(streams: Sequence[str]) -> Mapping[str, Sequence[Event]]:
        found: dict[str, list[Event]] = {}
        for stream, _, topic, state in history.streams(streams):
            found.setdefault(stream, []).append(decode(topic, state))
        return found

    return load
