"""Holds two sets of rows against each other, table by table and row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, cast, get_type_hints

import msgspec

from projections.engine import Rows
from projections.projection import Key, Projection
from projections.rows import Row
from projections.tables import key_of

SAMPLES = 5


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row that differs; `columns` has (before, after) of what changed."""

    key: Key
    columns: dict[str, tuple[Any, Any]] = {}


class Difference(msgspec.Struct):
    """How one table differs: rows that came, went and changed, with the first few of each.

    Columns that only one of both has are not compared. `is_new` says that there was no such table.
    """

    table: str
    rows: int = 0
    added: int = 0
    gone: int = 0
    changed: int = 0
    samples: dict[str, list[Sample]] = {}
    is_new: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.gone or self.changed)

    def note(self, what: str, sample: Sample) -> None:
        """Counts a row that differs, and keeps it while there are few."""
        setattr(self, what, getattr(self, what) + 1)
        samples = self.samples.setdefault(what, [])
        if len(samples) < SAMPLES:
            samples.append(sample)


def compare(projection: Projection, before: Iterable[Row], after: Rows) -> Difference:
    """What it takes to get from the rows before to those after."""
    difference, key_in = Difference(projection.name, len(after)), key_of(projection)
    known = set()
    for row in before:
        key = key_in(row)
        known.add(key)
        new = after.get(key)
        if new is None:
            difference.note("gone", Sample(key))
        elif new != row:
            difference.note("changed", Sample(key, changes(row, new)))
    for key in after:
        if key not in known:
            difference.note("added", Sample(key))
    return difference


def narrowed(projection: Projection, names: Sequence[str]) -> Projection:
    """The projection with only those of its columns that `names` has too."""
    kept = [each for each in projection.row.__struct_fields__ if each in names]
    if len(kept) == len(projection.columns):
        return projection
    hints = get_type_hints(projection.row, include_extras=True)
    fields = [(name, hints[name]) for name in kept]
    row = msgspec.defstruct(projection.row.__name__, fields, bases=(Row,), frozen=True, gc=False)
    return dataclasses.replace(projection, row=cast("type[Row]", row))


def narrowed_rows(projection: Projection, rows: Rows) -> Rows:
    """Rows of a wider projection as those of a narrowed one."""
    row, values_of = projection.row, attrgetter(*projection.row.__struct_fields__)
    return {key: row(*values_of(wide)) for key, wide in rows.items()}


def changes(before: Row, after: Row) -> dict[str, tuple[Any, Any]]:
    """Column -> (before, after), where they differ."""
    pairs = {
        name: (getattr(before, name), getattr(after, name)) for name in before.__struct_fields__
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
