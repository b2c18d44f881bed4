"""Folds the same deliveries in many orders, and finds the first that ends in other rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.errors import Refusal
from ledger.observations import Observed
from ledger.providers import Observer
from projections.engine import Rows
from projections.projection import Key
from projections.rows import Row
from replay.memory import MemoryLedger
from replay.orders import AS_THEY_CAME, Orders

Tick = Callable[[int], None]
"""Hears how many deliveries were worked off since it was last told."""


class Contrast(NamedTuple):
    """A row that is not the same in two endings; None where there is none."""

    table: str
    key: Key
    before: Row | None
    after: Row | None


class Otherwise(NamedTuple):
    """An order that ends in other rows, and all of these."""

    number: int
    contrasts: list[Contrast]


class Torture:
    """Some deliveries, the ending of the order they came in, and the search for another one."""

    def __init__(self, orders: Orders, rules: Rules, now: datetime, tick: Tick) -> None:
        self._orders = orders
        self._rules = remembering(rules)
        self._now = now
        self._tick = tick
        self.ending = self._end(AS_THEY_CAME)
        self.fingerprint = self.ending.fingerprint

    def run(self, numbers: Iterable[int]) -> Otherwise | None:
        """Tries these orders; the first that ends otherwise, if any does."""
        for number in numbers:
            ending = self._end(number)
            if ending.fingerprint != self.fingerprint:
                return Otherwise(number, list(contrasts(self.ending.rows, ending.rows)))
        return None

    def _end(self, number: int) -> MemoryLedger:
        ledger = MemoryLedger(self._rules)
        for batch in self._orders.batches(number):
            ledger.keep(batch, self._now)
            self._tick(len(batch))
        return ledger


def contrasts(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> Iterator[Contrast]:
    """Every row that differs, table by table in the order of their keys."""
    for table, rows in before.items():
        others = after[table]
        for key in sorted(rows.keys() | others.keys()):
            if rows.get(key) != others.get(key):
                yield Contrast(table, key, rows.get(key), others.get(key))


def remembering(rules: Rules) -> Rules:
    """The same rules; what a delivery says is worked out once, since it is always the same."""
    observers = {name: _Remembering(each) for name, each in rules.observers.items()}
    return Rules(observers, rules.policy, rules.livemode)


class _Remembering:
    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._said: dict[str, Observed | Refusal] = {}

    def observe(self, delivery: Delivery) -> Observed:
        said = self._said.get(delivery.originator_id)
        if said is None:
            said = self._said[delivery.originator_id] = self._ask(delivery)
        if isinstance(said, Refusal):
            raise said
        return said

    def _ask(self, delivery: Delivery) -> Observed | Refusal:
        try:
            return self._observer.observe(delivery)
        except Refusal as refusal:
            return refusal
