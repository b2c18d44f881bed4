"""Orders of arrival: any permutation, any duplicates, any split into batches, each from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from ledger.bookkeeper import BATCH
from ledger.delivery import Delivery

AS_THEY_CAME = 0


class Orders(NamedTuple):
    """Seeded orders of some deliveries, numbered from 1; number 0 is the order they came in.

    In each of the others `duplicates` of them come once more, somewhere.
    """

    deliveries: Sequence[Delivery]
    duplicates: int
    seed: int

    def length(self, number: int) -> int:
        """How many arrivals the order has."""
        return len(self.deliveries) + (self.duplicates if number and self.deliveries else 0)

    def batches(self, number: int) -> Iterator[Sequence[Delivery]]:
        """The order, in batches of any size the bookkeeper might take."""
        random = Random(f"{self.seed}:{number}")  # noqa: S311 - an order can be told again
        arriving = list(self.deliveries)
        if number != AS_THEY_CAME and arriving:
            arriving += random.choices(arriving, k=self.duplicates)
            random.shuffle(arriving)
        start = 0
        while start < len(arriving):
            size = int(BATCH ** random.random())
            yield arriving[start : start + size]
            start += size
