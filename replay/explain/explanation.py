"""An explanation: the answer, what it follows from, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from replay.as_of import Shown
from replay.explain.because import Derive, Group, because
from replay.explain.dunning import Step
from replay.happened import Happened
from replay.history import told
from replay.past import Past, Recorded


class Reasons(msgspec.Struct, frozen=True):
    """Events that something follows from; of several together, any one is enough."""

    events: list[Happened]


class Explained(msgspec.Struct, frozen=True):
    """One row: what it says, the events that made it so, and the facts these follow from.

    Without the events of any of the `because` the row would be another; all that is not among them
    makes no difference. `behind` is the same for the facts the recorded effect was derived from.
    """

    says: str
    row: Shown
    because: list[Reasons]
    behind: list[Reasons] = []
    would_end: list[str] = []


class Explanation(msgspec.Struct, frozen=True):
    """The answer to a question, with a row for each source; without any, why not.

    `dunning` tells the way of the bills that could not be collected.
    """

    question: str
    answer: bool
    at: datetime
    says: str
    rows: list[Explained] = []
    why_not: list[str] = []
    dunning: list[Step] = []


def reasons(past: Past, events: Sequence[Recorded], derive: Derive) -> list[Reasons]:
    """The groups of events that something follows from, in words."""
    return in_words(past, because(events, derive))


def in_words(past: Past, groups: Sequence[Group]) -> list[Reasons]:
    """Groups of events in words."""
    words = {each.position: each for each in told(past, [it for group in groups for it in group])}
    return [Reasons([words[each.position] for each in group]) for group in groups]
