"""Compares all objects Stripe lists with the rows: what differs, and by which objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from ledger.providers.stripe.inventory import LISTINGS, Listed, said
from replay.reconcile.differences import (
    EVENTS,
    MOST,
    Compared,
    Difference,
    EmptyAnswer,
    NoneOfOurs,
)
from replay.reconcile.happenings import Seen
from replay.reconcile.kinds import Kind, told
from replay.reconcile.rows import Rows, differing, is_old
from replay.reconcile.tells import Facts


class Lists(Protocol):
    """All that Stripe lists of a kind."""

    def pages(self, kind: str, now: datetime) -> Iterable[Sequence[Listed]]: ...


class Known(Protocol):
    """All rows of a kind."""

    def all(self, kind: Kind) -> Rows: ...


class Comparison:
    """One run over `kinds`; what is younger than `until`, or happened since, is left out."""

    def __init__(self, tables: Known, kinds: Mapping[str, Kind], until: datetime) -> None:
        self._tables = tables
        self._kinds = kinds
        self._until = until
        self._wanted: dict[str, dict[str, _Told]] = {name: {} for name in kinds}
        self._listed: dict[str, int] = {}

    def run(
        self,
        stripe: Lists,
        events: Callable[[], Seen],
        now: datetime,
        report: Callable[[str, int], None],
    ) -> Compared:
        """Raises EmptyAnswer, NoneOfOurs, ProviderProblem: then nothing is known to differ.

        Events are listed last, so that what happens while objects are listed is seen to move.
        """
        for listing in LISTINGS:
            self._list(listing, stripe.pages(listing, now), report)
        seen = events()
        found = Compared(events=seen.listed)
        for name, kind in self._kinds.items():
            self._compare(name, kind, seen.moving, found)
        found.differences += [
            Difference(EVENTS, each.event_id, "never_came", event=each) for each in seen.missed
        ]
        return found

    def _list(
        self, listing: str, pages: Iterable[Sequence[Listed]], report: Callable[[str, int], None]
    ) -> None:
        kinds = [(name, kind) for name, kind in self._kinds.items() if listing in kind.told_by]
        self._listed[listing] = 0
        for page in pages:
            for each in page:
                observations = said(each)
                for name, kind in kinds:
                    for key, facts, needed in told(kind, observations):
                        after = _Told(facts, each.created, (each.key,), needed)
                        _add(kind, key, after, self._wanted[name])
            self._listed[listing] += len(page)
            report(listing, self._listed[listing])

    def _compare(self, name: str, kind: Kind, moving: set[str], found: Compared) -> None:
        rows, wanted = self._tables.all(kind), self._wanted[name]
        expected = {key for key, row in rows.items() if row["expected"]}
        if expected and not sum(self._listed[each] for each in kind.told_by):
            raise EmptyAnswer(name, len(expected))
        if len(expected) > MOST and expected.isdisjoint(wanted):
            raise NoneOfOurs(name, len(expected))
        keys = [key for key in dict.fromkeys((*wanted, *sorted(expected))) if key not in moving]
        differences = [self._difference(name, key, rows, wanted.get(key), moving) for key in keys]
        compared = [each for each in differences if each is not False]
        found.rows[name] = len(compared)
        found.differences += [each for each in compared if each]

    def _difference(
        self, name: str, key: str, rows: Rows, told: _Told | None, moving: set[str]
    ) -> Difference | Literal[False] | None:
        """None where both agree, False where it is too young to say."""
        row = rows.get(key)
        if (row and not is_old(row, self._until)) or (told and told.created > self._until):
            return False
        if told is None:
            return Difference(name, key, "not_listed")
        if any(id_ in moving for id_ in told.objects) or (row is None and not told.needed):
            return False
        if row is None:
            return Difference(name, key, "missing", objects=told.objects)
        columns = differing(row, told.facts)
        return Difference(name, key, "differs", columns, told.objects) if columns else None


class _Told(msgspec.Struct, frozen=True):
    facts: Facts
    created: datetime
    objects: tuple[str, ...]
    needed: bool


def _add(kind: Kind, key: str, told: _Told, found: dict[str, _Told]) -> None:
    """By the id of their row, what all objects say of it together; the objects are not kept."""
    before = found.get(key)
    if before is None:
        found[key] = told
    elif told.objects[0] not in before.objects:  # pages may overlap
        facts = told.facts
        if kind.adds_up:
            facts = {name: _sum(before.facts[name], value) for name, value in facts.items()}
        created = max(before.created, told.created)
        needed = before.needed or told.needed
        found[key] = _Told(facts, created, (*before.objects, *told.objects), needed)


def _sum(one: object, other: object) -> int:
    assert isinstance(one, int)
    assert isinstance(other, int)
    return one + other
