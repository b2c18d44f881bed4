"""A whole ledger in memory: deliveries in, the rows of all tables out, and nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from ledger.aggregates.bookkeeping import Entry
from ledger.books import Books
from ledger.clerk import Clerk, Rules
from ledger.delivery import Delivery
from ledger.event import Event
from ledger.events import decode, encode
from projections.engine import Folding, Rows
from projections.fingerprint import fingerprint
from projections.registry import PROJECTIONS


class MemoryLedger:
    """Works deliveries off and folds what they come to, as the workers do.

    Each batch has books of its own, as if the workers were started anew before it: what it knows
    of earlier ones has been written as stored events and read again.
    """

    def __init__(self, rules: Rules) -> None:
        self.outcomes: Counter[str] = Counter()
        self._rules = rules
        self._folding = Folding(PROJECTIONS)
        self._stored: dict[str, list[tuple[str, bytes]]] = {}

    def keep(self, batch: Sequence[Delivery], now: datetime) -> tuple[Entry, ...]:
        """Works a batch off in its order and says what became of each."""
        books = Books(self.load)
        entries = Clerk(books, self._rules).keep(batch, now)
        self.append(books.collect_events())
        self.outcomes.update(entry.outcome for entry in entries)
        return entries

    @property
    def rows(self) -> Mapping[str, Rows]:
        """All rows by table and key; those of `deliveries`, which arrival decides, are left out."""
        return self._folding.rows

    @property
    def fingerprint(self) -> str:
        """As that of stored tables."""
        return fingerprint(self.rows)

    def events(self, stream: str) -> list[Event]:
        """The history of one aggregate."""
        return [decode(topic, state) for topic, state in self._stored.get(stream, ())]

    def load(self, streams: Sequence[str]) -> Mapping[str, Sequence[Event]]:
        """What Books need to work on this ledger."""
        return {each: self.events(each) for each in streams if each in self._stored}

    def append(self, events: Sequence[Event]) -> None:
        """Stores events, of deliveries or of commands, and folds them."""
        start = self._folding.position + 1
        page = [(n, each.TOPIC, encode(each)) for n, each in enumerate(events, start)]
        for (_, topic, state), event in zip(page, events, strict=True):
            self._stored.setdefault(event.originator_id, []).append((topic, state))
        self._folding.fold(page)
