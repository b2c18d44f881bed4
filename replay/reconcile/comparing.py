"""Compares all objects Stripe lists with the rows: what differs, and by which objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import datetime
from typing import Literal

import msgspec

from ledger.errors import LedgerError
from ledger.providers.stripe.inventory import Inventory, Listed, said
from replay.reconcile.kinds import KINDS, Facts, Kind, told
from replay.reconcile.rows import Rows, Tables, differing, is_old

What = Literal["missing", "differs", "not_listed"]


class EmptyAnswer(LedgerError):
    """An empty list where rows are known is a fault of somebody's, and no fact."""

    def __init__(self, kind: str, rows: int) -> None:
        self.kind = kind
        self.rows = rows
        super().__init__(
            f"Stripe lists no {kind} at all, and {rows} are known here: "
            "that is not believed, and nothing is changed"
        )


class Difference(msgspec.Struct, frozen=True):
    """A row that is not as Stripe says: `columns` has what it says and what Stripe says.

    `objects` are the ids of what Stripe has for it; a row that is not listed has none.
    """

    kind: str
    key: str
    what: What
    columns: dict[str, tuple[object, object]] = {}
    objects: tuple[str, ...] = ()


class Compared(msgspec.Struct):
    """What came out: rows compared by kind, and what differs."""

    rows: dict[str, int] = {}
    differences: list[Difference] = []

    @property
    def compared(self) -> int:
        return sum(self.rows.values())

    @property
    def most(self) -> int:
        """How many differences may be repaired without their number being named."""
        return min(10, self.compared * 5 // 100)


class Comparison:
    """One run over all kinds; `moving` are ids of what something happened to just now."""

    def __init__(self, tables: Tables, until: datetime, moving: Set[str]) -> None:
        self._tables = tables
        self._until = until
        self._moving = moving

    def run(self, stripe: Inventory, now: datetime, report: Callable[[str, int], None]) -> Compared:
        """Raises EmptyAnswer and a ProviderProblem: then nothing is known to differ."""
        found = Compared()
        for name, kind in KINDS.items():
            wanted, count = dict[str, _Told](), 0
            for page in stripe.pages(name, now):
                _add(kind, page, wanted)
                count += len(page)
                report(name, count)
            self._compare(name, kind, wanted, count, found)
        return found

    def _compare(
        self, name: str, kind: Kind, wanted: Mapping[str, _Told], count: int, found: Compared
    ) -> None:
        rows = self._tables.all(kind)
        expected = {key for key, row in rows.items() if row["expected"]}
        if expected and not count:
            raise EmptyAnswer(name, len(expected))
        keys = [key for key in {**wanted, **dict.fromkeys(sorted(expected))} if self._rests(key)]
        differences = [self._difference(name, key, rows, wanted.get(key)) for key in keys]
        compared = [each for each in differences if each is not False]
        found.rows[name] = len(compared)
        found.differences += [each for each in compared if each]

    def _rests(self, key: str) -> bool:
        return key not in self._moving

    def _difference(
        self, name: str, key: str, rows: Rows, told: _Told | None
    ) -> Difference | Literal[False] | None:
        """None where both agree, False where it is too young to say."""
        row = rows.get(key)
        if (row and not is_old(row, self._until)) or (told and told.created > self._until):
            return False
        if told is None:
            return Difference(name, key, "not_listed")
        if any(id_ in self._moving for id_ in told.objects):
            return False
        if row is None:
            return Difference(name, key, "missing", objects=told.objects)
        columns = differing(row, told.facts)
        return Difference(name, key, "differs", columns, told.objects) if columns else None


class _Told(msgspec.Struct, frozen=True):
    facts: Facts
    created: datetime
    objects: tuple[str, ...]


def _add(kind: Kind, objects: Iterable[Listed], found: dict[str, _Told]) -> None:
    """By the id of their row, what all objects say of it together; the objects are not kept."""
    for each in objects:
        says = told(kind, said(each))
        if says is None:
            continue
        key, facts = says
        before = found.get(key)
        if before is not None and kind.adds_up:
            facts = {name: _sum(before.facts[name], value) for name, value in facts.items()}
        objects_ = (*before.objects, each.key) if before else (each.key,)
        created = max(before.created, each.created) if before else each.created
        found[key] = _Told(facts, created, objects_)


def _sum(one: object, other: object) -> int:
    assert isinstance(one, int)
    assert isinstance(other, int)
    return one + other
