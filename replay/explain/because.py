"""Which events something follows from, exactly: it is tried what happens without them.

Three reports of the same payment may each be enough. So what is named are groups of events: without
a whole group the outcome is another, without less than one it is the same, and all events that are
in no group may be missing together without any difference.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from replay.past import Recorded

Outcome = Mapping[str, Any]
"""What follows from some events, by name; nothing at all is an empty one."""

Derive = Callable[[Sequence[Recorded]], Outcome]

Group = tuple[Recorded, ...]
Numbers = frozenset[int]


def because(events: Sequence[Recorded], derive: Derive) -> list[Group]:
    """The groups of events without which another outcome is derived, in the order of the events."""
    return _Search(events, derive).groups()


def because_of_parts(
    events: Sequence[Recorded], derive: Derive, part: Callable[[Recorded], Hashable]
) -> list[Group]:
    """The same where the outcome is a sum of independent parts, of which there may be thousands."""
    parts: dict[Hashable, list[Recorded]] = {}
    for each in events:
        parts.setdefault(part(each), []).append(each)
    found = [group for each in parts.values() for group in because(each, derive)]
    return sorted(found, key=lambda group: group[-1].position)


class _Search:
    """Looks for groups; events are known by their numbers in the history."""

    def __init__(self, events: Sequence[Recorded], derive: Derive) -> None:
        self._events = events
        self._derive = derive
        self._outcome = derive(events)
        self._all: Numbers = frozenset(range(len(events)))

    def groups(self) -> list[Group]:
        found = {frozenset([each]) for each in self._all if self._changes(frozenset([each]))}
        found |= self._by_name(self._all.difference(*found))
        while self._changes(rest := self._all.difference(*found)):
            found.add(self._least(rest))
        minimal = [one for one in found if not any(other < one for other in found)]
        return [tuple(self._events[n] for n in sorted(each)) for each in sorted(minimal, key=max)]

    def _by_name(self, others: Numbers) -> set[Numbers]:
        """For each part of the outcome that some of the others account for together, these."""
        names = [name for name in self._outcome if self._changes(others, name)]
        return {self._least(self._least(others, name)) for name in names}

    def _least(self, out: Numbers, name: str | None = None) -> Numbers:
        """Of events without which something changes, as few as that takes; rather later ones."""
        fewer = out
        for each in sorted(out):
            if self._changes(fewer - {each}, name):
                fewer -= {each}
        return fewer if fewer == out else self._least(fewer, name)

    def _changes(self, out: Numbers, name: str | None = None) -> bool:
        """Whether the outcome is another, or one part of it, when some events are missing."""
        kept = [each for number, each in enumerate(self._events) if number not in out]
        outcome = self._derive(kept)
        if name is None:
            return outcome != self._outcome
        return bool(outcome.get(name) != self._outcome[name])
