"""What differs in a table between two cuts through history, row by row and field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from projections.projection import Key
from replay.as_of import Shown


class Change(msgspec.Struct, frozen=True):
    """A row that is not what it was: column -> (before, after)."""

    key: Key
    columns: dict[str, tuple[Any, Any]]


class Diff(msgspec.Struct, frozen=True):
    """Rows that came, that went, and that changed; whole rows are as finance sees them."""

    table: str
    added: list[Shown]
    gone: list[Shown]
    changed: list[Change]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.gone or self.changed)


def diff(table: str, before: Mapping[Key, Shown], after: Mapping[Key, Shown]) -> Diff:
    """What it takes to get from the rows before to those after."""
    both = [(key, before[key], after[key]) for key in before if key in after]
    return Diff(
        table=table,
        added=[row for key, row in after.items() if key not in before],
        gone=[row for key, row in before.items() if key not in after],
        changed=[Change(key, _fields(old, new)) for key, old, new in both if old != new],
    )


def _fields(before: Shown, after: Shown) -> dict[str, tuple[Any, Any]]:
    return {name: (old, after[name]) for name, old in before.items() if old != after[name]}
