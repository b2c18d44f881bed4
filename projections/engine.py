"""Folds events into rows in memory: all projections at once, wherever the rows come from or go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from ledger.event import Event
from ledger.events import DECODERS
from ledger.store.log import END, PAGE_SIZE, Record
from projections.ahead import ahead
from projections.projection import Fold, Key, Many, Projection
from projections.rows import Row

PAGE_RECORDS = 2_000

Rows = dict[Key, Row]
Step = Callable[[Any], None]
Listener = tuple[Callable[[bytes], Event], tuple[Step, ...], tuple[Step, ...]]


class Reader(Protocol):
    """What folding needs of a LogReader."""

    def pages(
        self, position: int, size: int = PAGE_SIZE, upto: int = END
    ) -> Iterator[list[Record]]: ...


class Folding:
    """The rows of some projections, by table and key, and the position up to which they are folded.

    Topics no projection listens to are not even decoded.
    """

    def __init__(self, projections: Sequence[Projection]) -> None:
        self.position = 0
        self.rows: dict[str, Rows] = {each.name: {} for each in projections}
        self.touched: dict[str, set[Key]] = {each.name: set() for each in projections}
        self._listeners = self._listen(projections)

    def fold(self, page: Sequence[Record]) -> None:
        """Fold records, which follow the position."""
        listeners = self._listeners
        for _, topic, state in page:
            listener = listeners.get(topic)
            if listener is not None:
                event = listener[0](state)
                for apply in listener[1]:
                    apply(event)
        if page:
            self.position = page[-1][0]

    def fold_effective_by(self, page: Sequence[Record], moment: datetime) -> None:
        """Fold of these records, which follow the position, what took effect by `moment`."""
        for _, topic, state in page:
            listener = self._listeners.get(topic)
            if listener is not None:
                event = listener[0](state)
                if event.effective_at <= moment:
                    for apply in listener[1]:
                        apply(event)
        if page:
            self.position = page[-1][0]

    def touch(self, page: Sequence[Record]) -> list[tuple[Event, tuple[Step, ...]]]:
        """Decode records and note the keys they touch; what is returned is for `apply`."""
        found = []
        for _, topic, state in page:
            listener = self._listeners.get(topic)
            if listener is not None:
                decode, steps, touches = listener
                event = decode(state)
                found.append((event, steps))
                for touch in touches:
                    touch(event)
        return found

    @staticmethod
    def apply(found: Iterable[tuple[Event, tuple[Step, ...]]]) -> None:
        """Fold what `touch` found, once the touched rows are in place."""
        for event, steps in found:
            for step in steps:
                step(event)

    def clear(self) -> None:
        """Forget all rows."""
        for name, rows in self.rows.items():
            rows.clear()
            self.touched[name].clear()

    def _listen(self, projections: Sequence[Projection]) -> dict[str, Listener]:
        heard: dict[str, tuple[list[Step], list[Step]]] = {}
        for projection in projections:
            rows, touched = self.rows[projection.name], self.touched[projection.name]
            for event_class, fold in projection.folds.items():
                steps, touches = heard.setdefault(event_class.TOPIC, ([], []))
                steps.append(_step(rows, fold))
                touches.append(_touch(touched, fold))
        return {
            topic: (DECODERS[topic].decode, tuple(steps), tuple(touches))
            for topic, (steps, touches) in heard.items()
        }


def fold_until(
    reader: Reader, projections: Sequence[Projection], position: int | None = None
) -> dict[str, Rows]:
    """All rows as of a position, by table and key; None sets no bound."""
    folding = Folding(projections)
    for page in ahead(reader.pages(0, PAGE_RECORDS, END if position is None else position)):
        folding.fold(page)
    return folding.rows


def _step(rows: Rows, fold: Fold | Many) -> Step:
    """A fold bound to the rows it changes."""
    return _step_many(rows, fold) if isinstance(fold, Many) else _step_one(rows, fold)


def _step_one(rows: Rows, fold: Fold) -> Step:
    get, forget = rows.get, rows.pop

    def step(event: Event) -> None:
        key = event.originator_id
        row = fold(get(key), event)
        if row is None:
            forget(key, None)
        else:
            rows[key] = row

    return step


def _step_many(rows: Rows, many: Many) -> Step:
    parts, fold, get, forget = many.parts, many.fold, rows.get, rows.pop

    def step(event: Event) -> None:
        for key, part in parts(event):
            row = fold(get(key), event, part)
            if row is None:
                forget(key, None)
            else:
                rows[key] = row

    return step


def _touch(touched: set[Key], fold: Fold | Many) -> Step:
    """Notes the keys an event touches."""
    if isinstance(fold, Many):
        parts = fold.parts
        return lambda event: touched.update(key for key, _ in parts(event))
    return lambda event: touched.add(event.originator_id)
