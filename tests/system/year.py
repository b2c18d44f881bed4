"""One seeded year and how it is delivered: late, twice and out of order, as often as we like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random

from web.sandbox import Spend, Year, simulate
from web.sandbox.faults import Attempt, Faults, plan
from web.sandbox.truth.calendar import DAY

START = datetime(2025, 1, 1, tzinfo=UTC)
CUSTOMERS = 52  # one for each life story, some of which befriend strangers
FAULTS = Faults(duplicates=0.15, shuffle=0.2, delay_seconds=10 * DAY, drops=0.02, outages=2)


@cache
def the_year() -> Year:
    """The year all these tests live through."""
    return simulate(7, CUSTOMERS, START)


@cache
def bodies() -> Sequence[bytes]:
    """Its deliveries, in the order in which things happened."""
    return tuple(the_year().bodies())


def in_order() -> list[Attempt]:
    """Every delivery once, in the order in which things happened."""
    return [Attempt(fact.at, n) for n, fact in enumerate(the_year().truth.facts)]


def disturbed(seed: int) -> list[Attempt]:
    """Every delivery at least once, some twice, and many of them late."""
    return plan([fact.at for fact in the_year().truth.facts], FAULTS, Random(f"{seed}:faults"))


def moments(seed: int, entries: int, count: int) -> list[int]:
    """`count` seeded moments in the middle of `entries` deliveries, in order."""
    return sorted(Random(f"{seed}:moments").sample(range(entries // 10, entries * 2 // 3), count))


def spends() -> list[Spend]:
    """What customers try to spend of their credits, in order."""
    return the_year().spends
