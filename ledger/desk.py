"""The desk where one delivery or command is worked off: the books, the rules, and what is left.

Whatever changes is put on the desk again to be settled, until nothing is left. Each step records
differences only, so it ends by itself.
"""

from __future__ import annotations

from typing import TypeVar

from ledger.aggregates.aggregate import Aggregate
from ledger.books import Books
from ledger.event import Cause
from ledger.ids import Scope
from ledger.policy import Policy

A = TypeVar("A", bound=Aggregate)


class Desk:
    """What the work on one delivery or command needs: of one scope, for one cause."""

    def __init__(self, books: Books, policy: Policy, scope: Scope, why: Cause) -> None:
        self.books = books
        self.policy = policy
        self.scope = scope
        self.why = why
        self._unsettled: dict[str, None] = {}

    def get(self, kind: type[A], key: str) -> A:
        """The aggregate of this scope with the provider's (or application's) `key`."""
        return self.books.get(kind, self.scope.stream(kind.CATEGORY, key))

    def unsettle(self, *streams: str) -> None:
        """Something these aggregates depend on has changed."""
        self._unsettled.update(dict.fromkeys(streams))

    def next_unsettled(self) -> str | None:
        """A stream to settle, taken off the desk; None when all is settled."""
        for stream in self._unsettled:
            del self._unsettled[stream]
            return stream
        return None
