"""The reactor: follows the Ledger and notes what is to be done, each thing once.

What it intends and its position are stored in one transaction, so that a crash anywhere means only
that the same is decided again. It has no effects: those are the executor's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ledger.bookkeeper import stored_streams
from ledger.event import Cause, Event
from ledger.events import decode
from ledger.reactions.beginning import POSITION, begin, has_begun
from ledger.reactions.deciding import Decisions, Seen, intended
from ledger.reactions.events import Intended
from ledger.reactions.reaction import Reaction
from ledger.reactions.store import Reactions
from ledger.settings.reacting import Reacting
from ledger.store.log import LogReader, Record
from ledger.store.positions import Fence

BATCH = 200  # events


class Reactor:
    """Works for one thread. Only one is to run at a time; a second one's batch fails its fence."""

    def __init__(
        self,
        history: LogReader,
        log: LogReader,
        reactions: Reactions,
        rules: tuple[Decisions, Reacting],
        clock: Callable[[], datetime],
    ) -> None:
        """`history` reads the Ledger, `log` what `reactions` writes."""
        self._history = history
        self._log = log
        self._reactions = reactions
        self._decisions, self._by = rules
        self._topics = frozenset(kind.TOPIC for kind in self._decisions)
        self._clock = clock
        self._position: int | None = None

    def begin(self) -> None:
        """At the very first start, begins at the Ledger's end: old history has no effects."""
        if not has_begun(self._log):
            head = self._history.head()
            begin(self._reactions, self._log, head, head, self._clock())

    def follow(self) -> int:
        """Decides on the next events; returns how many there were.

        Raises PositionMoved when another reactor is at work, or somebody said where to begin.
        """
        records = self._history.after(self.position, BATCH)
        if records:
            position = records[-1][0]
            events = self._events(self._wanted(records))
            self._reactions.append(events, Fence(POSITION, self.position, position))
            self._position = position
        return len(records)

    @property
    def position(self) -> int:
        """The last event of the Ledger that was decided on, as far as this reactor knows."""
        if self._position is None:
            self._position = self._log.position(POSITION)
        return self._position

    def _wanted(self, records: Sequence[Record]) -> Mapping[str, tuple[Intended, Event]]:
        """By its id, what is to be done and because of which event; of several the first."""
        streams = _Streams(self._history)
        found = dict[str, tuple[Intended, Event]]()
        for position, topic, state in records:
            if topic in self._topics:
                event = decode(topic, state)
                seen = Seen(event, position, streams, self._by)
                for id_, intent in intended(seen, self._decisions).items():
                    found.setdefault(id_, (intent, event))
        return found

    def _events(self, wanted: Mapping[str, tuple[Intended, Event]]) -> list[Event]:
        """The beginnings of the reactions nobody intended before."""
        known, now = self._log.known(list(wanted)), self._clock()
        events = list[Event]()
        for id_, (intent, event) in wanted.items():
            if id_ not in known:
                reaction = Reaction(id_)
                reaction.intend(intent, Cause(intent.because, event.effective_at, now))
                events += reaction.collect_events()
        return events


class _Streams:
    """Streams of the Ledger, each read once in a batch."""

    def __init__(self, history: LogReader) -> None:
        self._load = stored_streams(history)
        self._read: dict[str, Sequence[Event]] = {}

    def __call__(self, stream: str) -> Sequence[Event]:
        if stream not in self._read:
            self._read[stream] = self._load([stream]).get(stream, ())
        return self._read[stream]
