"""What all aggregates share: a stream of events that decides what is new and evolves by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from ledger.event import Cause, Event

E = TypeVar("E", bound=Event)
A = TypeVar("A", bound="Aggregate")


def evolves(*events: type[E]) -> Callable[[Callable[[A, E], None]], Callable[[A, E], None]]:
    """Marks the method that evolves its aggregate by these kinds of events.

    Such a method assigns and never refuses: all history must always load.
    """

    def mark(method: Callable[[A, E], None]) -> Callable[[A, E], None]:
        method.__dict__["evolves"] = events
        return method

    return mark


class Aggregate:
    """An event-sourced object, empty until its events are applied.

    Deciding methods look at what is known, may raise a Refusal, and call `trigger_event` with what
    is new. There is no creating event, since any fact may be the first to arrive.
    """

    CATEGORY: ClassVar[str]
    EVOLVERS: ClassVar[dict[type[Event], Callable[[Any, Any], None]]]

    def __init__(self, stream: str) -> None:
        self.id = stream
        self.version = 0
        self.pending: list[Event] = []

    def __init_subclass__(cls) -> None:
        methods = [each for each in vars(cls).values() if hasattr(each, "evolves")]
        cls.EVOLVERS = {event: method for method in methods for event in method.evolves}

    def trigger_event(self, event: Event, why: Cause) -> None:
        """Records `event` as the next of this stream and evolves by it."""
        stamped = event.stamped(self.id, self.version + 1, why)
        self.apply(stamped)
        self.pending.append(stamped)

    def apply(self, event: Event) -> None:
        """Evolves by an event of this stream, new or from history."""
        self.EVOLVERS[type(event)](self, event)
        self.version = event.originator_version

    def collect_events(self) -> Sequence[Event]:
        """The events that await being stored; they are handed out once."""
        collected, self.pending = self.pending, []
        return collected
