"""A projection: the rows of one table, and for each kind of event how it changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.event import Event
from projections.rows import Column, Row, columns

Key = Any
"""A str, or a tuple of str for a key of several columns."""

Fold = Callable[[Any, Any], Any]
"""(row as it was or None, event) -> row as it is or None; the row's key is the event's stream."""


@dataclass(frozen=True)
class Many:
    """How an event changes several rows of a table.

    `parts` names the rows an event touches: (key, what of the event is about that row). `fold` is
    (row as it was or None, event, that part) -> row as it is or None.
    """

    parts: Callable[[Any], Iterable[tuple[Key, Any]]]
    fold: Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class Computed:
    """A column only the view has, since the clock decides it: a SQL expression."""

    name: str
    expression: str
    comment: str


@dataclass(frozen=True)
class Projection:
    """A table as a pure fold over domain events: no clock, no other table, no network.

    `private` columns are kept but not shown to finance, nor rows for which the SQL
    condition `shown` is false.
    `arrival_decides` are columns left out of the fingerprint. `in_any_case` are texts that are
    looked up whatever their case, as lower(text).
    """

    name: str
    comment: str
    row: type[Row]
    key: tuple[str, ...]
    folds: Mapping[type[Event], Fold | Many]
    private: frozenset[str] = frozenset({"stream"})
    computed: tuple[Computed, ...] = ()
    shown: str = "true"
    indexes: tuple[tuple[str, ...], ...] = ()
    arrival_decides: frozenset[str] = frozenset()
    in_any_case: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns(self.row)

    @property
    def looked_up_by(self) -> frozenset[str]:
        """The columns of the key and of the indexes."""
        return frozenset(self.key).union(*self.indexes)

    @property
    def public(self) -> tuple[Column, ...]:
        """The stored columns finance sees."""
        return tuple(each for each in self.columns if each.name not in self.private)
