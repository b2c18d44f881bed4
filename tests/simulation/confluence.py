"""Proves for a few deliveries that all of their orders end alike, without telling them all.

After the same deliveries the whole state (all aggregates and all rows) must be the same, whichever
of them came last. When that holds for every subset, then by induction it holds for every order:
2^n * n steps instead of n! * n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.bookkeeping import Refusal
from ledger.books import Books
from ledger.delivery import Delivery
from ledger.event import Event
from replay.memory import MemoryLedger
from tests.ledger.stories import KINDS
from tests.simulation.in_memory import NOW, RULES

Subset = frozenset[int]
State = dict[str, Any]

NO_STATE = {
    *("version", "pending"),  # how often something changed depends on the order
    *("engaged", "waiting"),  # whom to tell of a change; who need not know is told in vain
}


class Told(MemoryLedger):
    """What is known after some deliveries: their whole history, and the state it comes to."""

    def __init__(self, history: Sequence[Event] = ()) -> None:
        super().__init__(RULES)
        self.history: list[Event] = []
        self.append(history)

    def append(self, events: Sequence[Event]) -> None:
        self.history += events
        super().append(events)

    def then(self, delivery: Delivery) -> Told:
        """What is known after one more."""
        after = Told(self.history)
        after.keep([delivery], NOW)
        return after

    @cached_property
    def state(self) -> State:
        """All rows by table, and all that each aggregate knows by its stream."""
        books = Books(self.load)
        known: State = {name: dict(rows) for name, rows in self.rows.items()}
        for stream in dict.fromkeys(event.originator_id for event in self.history):
            found = vars(books.get(_kind(stream), stream))
            known[stream] = {name: found[name] for name in found.keys() - NO_STATE}
        return known


def forks(deliveries: Sequence[Delivery]) -> Iterator[tuple[Subset, int]]:
    """Every subset that ends otherwise when a certain one of it comes last; none if all is well."""
    told: dict[Subset, Told] = {frozenset(): Told()}
    for size in range(1, len(deliveries) + 1):
        for subset in map(frozenset, combinations(range(len(deliveries)), size)):
            for last in sorted(subset):
                ending = told[subset - {last}].then(deliveries[last])
                if told.setdefault(subset, ending).state != ending.state:
                    yield subset, last


def _kind(stream: str) -> type[Aggregate]:
    return {**KINDS, Refusal.CATEGORY: Refusal}[stream.partition("/")[0]]
