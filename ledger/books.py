"""The aggregates at hand: loaded once, kept over batches, put back when a delivery is refused."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from ledger.aggregates.aggregate import Aggregate
from ledger.event import Event
from ledger.events import decode, encode

A = TypeVar("A", bound=Aggregate)

Load = Callable[[Sequence[str]], Mapping[str, Sequence[Event]]]
"""Stored events of each of some streams, in order; streams without events may be left out."""

AT_HAND = 20_000  # aggregates kept between batches, some kilobytes each


class Books:
    """An identity map over batches: within one, later deliveries see what earlier ones changed."""

    def __init__(self, load: Load, at_hand: int = AT_HAND) -> None:
        self._load = load
        self._at_hand = at_hand
        self._open: OrderedDict[str, Aggregate] = OrderedDict()
        self._marks: dict[str, int] = {}
        self._kept: list[Event] = []
        self._fetched: dict[str, Sequence[Event]] = {}

    def get(self, kind: type[A], stream: str) -> A:
        """The aggregate of `stream`, empty when it has no events yet."""
        aggregate = self._open.get(stream)
        if aggregate is None:
            aggregate = self._open[stream] = self._replayed(kind, stream)
        else:
            self._open.move_to_end(stream)
        self._marks.setdefault(stream, len(aggregate.pending))
        assert isinstance(aggregate, kind)
        return aggregate

    def fetch(self, streams: Iterable[str]) -> None:
        """Loads in one round trip what `get` will ask for."""
        missing = [each for each in streams if each not in self._open]
        if missing:
            found = self._load(missing)
            self._fetched.update({each: found.get(each, ()) for each in missing})

    def keep(self) -> bool:
        """Takes what was changed since the last keep or undo for good; False if nothing was.

        Raises msgspec.ValidationError for an event that could not be read again: once stored, it
        would stop whoever reads history.
        """
        new = [event for stream, mark in self._marks.items()
               for event in self._open[stream].pending[mark:]]  # fmt: skip
        for event in new:
            decode(event.TOPIC, encode(event))
        self._kept += new
        self._marks.clear()
        return bool(new)

    def undo(self) -> None:
        """Puts back every aggregate touched since the last keep or undo."""
        for stream, mark in self._marks.items():
            touched = self._open[stream]
            if len(touched.pending) == mark:
                continue
            kept = touched.pending[:mark]
            fresh = self._open[stream] = self._replayed(type(touched), stream)
            for event in kept:
                fresh.apply(event)
            fresh.pending = kept
        self._marks.clear()

    def collect_events(self) -> list[Event]:
        """All events that await being stored, as they were kept, and room for the next batch.

        So a position leaves nothing out of what was worked off before it.
        """
        collected, self._kept = self._kept, []
        for stream in {event.originator_id for event in collected}:
            self._open[stream].collect_events()
        self._fetched.clear()
        while len(self._open) > self._at_hand:
            self._open.popitem(last=False)
        return collected

    def forget(self) -> None:
        """Lets go of everything: somebody else has written, so all must be loaded anew."""
        self._open.clear()
        self._marks.clear()
        self._kept.clear()
        self._fetched.clear()

    def _replayed(self, kind: type[A], stream: str) -> A:
        events = self._fetched.get(stream)
        if events is None:
            events = self._load([stream]).get(stream, ())
        aggregate = kind(stream)
        for event in events:
            aggregate.apply(event)
        return aggregate
