"""The truth as of one moment, read only: what the oracle looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Protocol, TypeVar

from web.sandbox.truth.spends import Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One state of one object. `account` is '' for the platform's own, `created` Unix seconds."""

    id: str
    account: str
    created: int


N = TypeVar("N", bound=Noun)
Nouns = dict[type[Noun], dict[str, Noun]]


class Told(Protocol):
    """A fact, as far as a view cares."""

    @property
    def at(self) -> int:
        """When, in Unix seconds."""

    @property
    def before(self) -> Noun | None:
        """The object as it was told before, if it was."""

    @property
    def noun(self) -> Noun:
        """The object as it was told then."""


@dataclass(slots=True)
class View:
    """The newest state told of each object, by kind and id, when that was, and since when it has
    the status it has.

    Only what was told counts: a session nobody has completed yet is not here, nor is a link that
    no event has shown.
    """

    tables: Nouns = field(default_factory=dict)
    told_at: dict[str, int] = field(default_factory=dict)
    status_since: dict[str, int] = field(default_factory=dict)
    spends: list[Spend] = field(default_factory=list)

    @classmethod
    def of(cls, facts: Iterable[Told], spends: Iterable[Spend], at: int | None) -> View:
        """Fold the facts, which are in order of time, up to and including `at`."""
        view = cls()
        for fact in takewhile(lambda each: at is None or each.at <= at, facts):
            view.tables.setdefault(type(fact.noun), {})[fact.noun.id] = fact.noun
            view.told_at[fact.noun.id] = fact.at
            if getattr(fact.before, "status", None) != getattr(fact.noun, "status", None):
                view.status_since[fact.noun.id] = fact.at
        view.spends = [spend for spend in spends if at is None or spend.at <= at]
        return view

    def all(self, kind: type[N]) -> Iterator[N]:
        """Every object of a kind, in order of appearance."""
        for noun in self.tables.get(kind, {}).values():
            assert isinstance(noun, kind)  # tables are keyed by kind
            yield noun

    def find(self, kind: type[N], key: str | None) -> N | None:
        """The object of that id, if there is one."""
        noun = self.tables.get(kind, {}).get(key or "")
        return noun if isinstance(noun, kind) else None
