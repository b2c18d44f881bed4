"""What is to be done because of an event: pure, from it and those of its stream before it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import msgspec

from ledger.clerk import FAULTS
from ledger.event import Event
from ledger.ids import StreamId, parse_stream
from ledger.reactions.events import Intended
from ledger.reactions.reaction import Reaction
from ledger.settings.reacting import Reacting

E = TypeVar("E", bound=Event)

_log = logging.getLogger(__name__)

History = Callable[[str], Sequence[Event]]
"""A stream of the Ledger -> all its events, in order."""


class Intent(NamedTuple):
    """An effect of `kind` to be had for a fact; `fact` is the same whoever reports it.

    It is due at once unless `due_at` says when. `data` is the effect's own struct.
    """

    kind: str
    fact: str
    data: msgspec.Struct
    due_at: datetime | None = None


class Seen:
    """An event of the Ledger as the reactor comes by it."""

    def __init__(self, event: Event, position: int, history: History, by: Reacting) -> None:
        self.event = event
        self.position = position
        self.by = by
        self._history = history

    @cached_property
    def stream(self) -> StreamId:
        """Of what the event tells."""
        return parse_stream(self.event.originator_id)

    @cached_property
    def before(self) -> tuple[Event, ...]:
        """What had happened to the same thing before; asked for only where it matters."""
        version = self.event.originator_version
        all_events = self._history(self.event.originator_id)
        return tuple(each for each in all_events if each.originator_version < version)

    def earlier(self, kind: type[E]) -> list[E]:
        """What had happened before, of one kind, the last first."""
        return [each for each in reversed(self.before) if isinstance(each, kind)]


Decide = Callable[[Seen], Iterable[Intent]]
Decisions = Mapping[type[Event], Sequence[Decide]]
"""Kind of event -> what decides whether something is to be done."""


def intended(seen: Seen, decisions: Decisions) -> dict[str, Intended]:
    """The ids of the reactions an event calls for, and what they are to do."""
    found = {}
    for decide in decisions.get(type(seen.event), ()):
        for intent in _decided(seen, decide):
            id_ = seen.stream.scope.stream(Reaction.CATEGORY, f"{intent.kind}:{intent.fact}")
            found[id_] = _event(seen, intent)
    return found


class Undecided(msgspec.Struct, frozen=True):
    """A fault of ours kept us from deciding: nobody can have this effect, so it will be parked."""

    by: str


def _decided(seen: Seen, decide: Decide) -> list[Intent]:
    try:
        return list(decide(seen))
    except FAULTS:
        stream, name = seen.stream, f"{decide.__module__}.{decide.__qualname__}"
        _log.exception("a fault of ours met %s at %s", name, seen.event.originator_id)
        fact = f"{stream.category}:{stream.key}:{seen.event.originator_version}:{name}"
        return [Intent("undecided", fact, Undecided(name))]


def _event(seen: Seen, intent: Intent) -> Intended:
    data: dict[str, Any] = msgspec.to_builtins(intent.data)
    return Intended(
        kind=intent.kind,
        due_at=intent.due_at or seen.event.recorded_at,
        because=f"{seen.event.originator_id}#{seen.event.originator_version}",
        position=seen.position,
        data=data,
    )
