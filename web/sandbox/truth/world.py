"""The truth: every object as it stands, everything that changed, and what is due to happen next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeVar

from web.sandbox.truth.spends import Spend
from web.sandbox.truth.view import Noun, Nouns, View

N = TypeVar("N", bound=Noun)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something Stripe reports: the object after the change and, if it existed, before it.

    `at` is in whole Unix seconds; `request` names the API call behind it (None: Stripe itself).
    """

    id: str
    type: str
    at: int
    noun: Noun
    before: Noun | None
    request: str | None


class Truth:
    """A world of frozen objects; changing one at the current moment yields facts.

    Nothing here reads a clock: `advance` moves the moment, running what falls due on the way.
    """

    def __init__(self, seed: str, start: int) -> None:
        self.now = start
        self.facts: list[Fact] = []
        self.spends: list[Spend] = []
        self.request: str | None = None
        self.site = "https://checkout.stripe.com"  # where payers are sent to
        self.pending: dict[str, list[str]] = {}
        self._random = Random(seed)  # noqa: S311 - a simulation repeats itself on purpose
        self._tables: Nouns = {}
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._scheduled = 0

    def new_id(self, prefix: str) -> str:
        """An identifier shaped like Stripe's, e.g. `pi_` and 24 letters and digits."""
        return prefix + "".join(self._random.choices(LETTERS, k=24))

    def add(self, noun: N, *types: str) -> N:
        """Bring an object into being and report it as each of `types`."""
        self._put(noun)
        for each in types:
            self._report(each, noun, None)
        return noun

    def change(self, noun: N, *types: str, **changes: Any) -> N:
        """Change the newest state of `noun` (an old one will do) and report each of `types`."""
        before = self.fresh(noun)
        after = replace(before, **changes)
        self._put(after)
        for each in types:
            self._report(each, after, before)
        return after

    def tell(self, noun: Noun, *types: str) -> None:
        """Report an object without changing it."""
        newest = self.fresh(noun)
        for each in types:
            self._report(each, newest, newest)

    def fresh(self, noun: N) -> N:
        """The newest state of an object of which any state is at hand."""
        return self.get(type(noun), noun.id)

    def get(self, kind: type[N], key: str) -> N:
        """The newest state of an object; KeyError when there is none."""
        noun = self._tables[kind][key]
        assert isinstance(noun, kind)  # tables are keyed by kind
        return noun

    def find(self, kind: type[N], key: str | None) -> N | None:
        """The newest state of an object, if there is one of that id."""
        noun = self._tables.get(kind, {}).get(key or "")
        return noun if isinstance(noun, kind) else None

    def all(self, kind: type[N]) -> Iterator[N]:
        """The newest states of all objects of a kind, in order of appearance."""
        for noun in list(self._tables.get(kind, {}).values()):
            assert isinstance(noun, kind)  # tables are keyed by kind
            yield noun

    def any_of(self, key: str) -> Noun | None:
        """The newest state of the object of that id, whatever kind it is of."""
        return next((found[key] for found in self._tables.values() if key in found), None)

    def spend(self, spend: Spend) -> None:
        """Note that credits were used."""
        self.spends.append(spend)

    def later(self, at: int, action: Callable[[], None]) -> None:
        """Let `action` happen at `at` (now, if that has passed), after what was due before."""
        self._scheduled += 1
        heapq.heappush(self._due, (max(at, self.now), self._scheduled, action))

    def advance(self, until: int) -> None:
        """Let time pass up to and including `until`."""
        while self._due and self._due[0][0] <= until:
            self.now, _, action = heapq.heappop(self._due)
            action()
        self.now = until

    def as_of(self, at: int | None = None) -> View:
        """What had been told by the end of second `at`; without it, all of it."""
        return View.of(self.facts, self.spends, at)

    def _put(self, noun: Noun) -> None:
        self._tables.setdefault(type(noun), {})[noun.id] = noun

    def _report(self, kind: str, noun: Noun, before: Noun | None) -> None:
        fact = Fact(self.new_id("evt_1"), kind, self.now, noun, before, self.request)
        self.facts.append(fact)
