"""The fetcher: follows the Inbox and has the snapshot of each thin event fetched, once.

It comes behind the bookkeeper, so that the last word on a thin delivery is where its snapshot is.
What it found and its position are stored in one transaction; a crash means only that the same is
asked again, and the Inbox keeps a snapshot once whoever brings it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from eventsourcing.persistence import OperationalError

from ledger import bookkeeper
from ledger.aggregates.bookkeeping import BatchKept, Bookkeeping, Entry
from ledger.application import Ledger
from ledger.delivery import Delivery
from ledger.event import Cause, Event
from ledger.providers.problems import ProviderProblem
from ledger.providers.stripe.snapshots import Snapshots
from ledger.store.log import LogReader, Record
from ledger.store.positions import Fence

POSITION = "fetcher"
PAGE = 500  # deliveries
LOOK_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

_log = logging.getLogger(__name__)


class Fetcher:
    """Works for one thread. Only one is to run at a time; a second one's work fails its fence."""

    def __init__(
        self,
        snapshots: Snapshots,
        stores: tuple[LogReader, LogReader, Ledger],
        livemode: bool,
        clock: Callable[[], datetime],
    ) -> None:
        """`stores`: the Inbox and the Ledger to read, and the Ledger to write to."""
        self._snapshots = snapshots
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
        """Follows all thin events there are. Raises a ProviderProblem at the first that fails."""
        while self.work_batch(threading.Event()):
            pass

    def work_batch(self, stop: threading.Event) -> int:
        """Looks through the next deliveries and follows the thin ones; returns how many it saw.

        Each one followed is stored at once, so that the next one's failure undoes nothing.
        """
        records = self._next()
        for at, _, state in records:
            delivery = Delivery.from_state(state)
            if delivery.envelope.thin and delivery.envelope.livemode == self._livemode:
                if stop.is_set():
                    return 0
                self._store([self._followed(delivery, at)], at)
        if records:
            self._store([], records[-1][0])
        return len(records)

    def close(self) -> None:
        """Hang up."""
        self._snapshots.close()
        self._inbox.close()
        self._history.close()
        self._ledger.close()

    def _next(self) -> list[Record]:
        if self._position is None:
            self._position = self._history.position(POSITION)
        return self._inbox.after(self._position, PAGE, self._history.position(bookkeeper.POSITION))

    def _followed(self, thin: Delivery, at: int) -> Event:
        """What is to be said of a thin delivery, after what was right to do about it."""
        reason, envelope = self._snapshots.fetch(thin), thin.envelope
        entry = Entry(
            delivery_id=thin.originator_id,
            event_id=envelope.event_id,
            type=envelope.type,
            account=envelope.account,
            created=envelope.created,
            received_at=thin.received_at,
            outcome="ignored",
            reason=reason,
        )
        now = self._clock()
        record = Bookkeeping(f"{Bookkeeping.CATEGORY}/{POSITION}-{at}")
        record.trigger_event(
            BatchKept(entries=(entry,), inbox_position=at), Cause(POSITION, now, now)
        )
        return record.collect_events()[0]

    def _store(self, events: Sequence[Event], position: int) -> None:
        assert self._position is not None
        if events or position > self._position:
            self._ledger.append(events, Fence(POSITION, self._position, position))
        self._position = position
