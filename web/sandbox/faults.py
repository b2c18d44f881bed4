"""How deliveries go wrong: late, twice, lost and tried again; a plan is made from a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from random import Random
from typing import NamedTuple

from web.sandbox.truth.calendar import DAY, HOUR, MINUTE
from web.sandbox.truth.spends import Spend

RETRY_SECONDS = (MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR)
"""What a sender waits after each try that was lost; after the last, the next one arrives."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares are 0 to 1. A `delay_seconds` as long as the plan shuffles across all of it.

    `duplicates`: events that come once more, later. `shuffle`: events that come late.
    `drops`: tries that are lost, each tried again. `outages`: how often nothing gets through
    for `outage_seconds`, so that all of it comes again afterwards.
    """

    duplicates: float = 0.1
    shuffle: float = 0.0
    delay_seconds: int = 3 * DAY
    drops: float = 0.0
    outages: int = 0
    outage_seconds: int = 6 * HOUR


class Attempt(NamedTuple):
    """A delivery that arrives: when (Unix seconds) and the index of its event."""

    at: int
    event: int


def plan(times: Sequence[int], faults: Faults, random: Random) -> list[Attempt]:
    """Attempts in order of arrival; each event of `times` (Unix seconds) arrives at least once."""
    windows = _outages(times, faults, random)
    attempts = [
        Attempt(_arrival(at, faults, windows, random), event)
        for event, first in enumerate(times)
        for at in _sent(first, faults, random)
    ]
    return sorted(attempts, key=lambda attempt: attempt.at)


def with_spends(attempts: Iterable[Attempt], spends: Iterable[Spend]) -> Iterator[Attempt | Spend]:
    """Attempts and the application's own commands in one order of time."""
    return merge(attempts, spends, key=_when)


def _when(entry: Attempt | Spend) -> int:
    return entry.at


def _sent(first: int, faults: Faults, random: Random) -> Iterator[int]:
    """When an event is first tried: once or, as a duplicate, twice."""
    late = random.random() < faults.shuffle
    yield first + (random.randint(0, faults.delay_seconds) if late else 0)
    if random.random() < faults.duplicates:
        yield first + random.randint(0, faults.delay_seconds)


def _arrival(at: int, faults: Faults, windows: Sequence[tuple[int, int]], random: Random) -> int:
    """When a try gets through, after those that were lost."""
    for wait in RETRY_SECONDS:
        if not _down(at, windows) and random.random() >= faults.drops:
            return at
        at += wait + random.randint(0, wait // 10)
    return at


def _down(at: int, windows: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in windows)


def _outages(times: Sequence[int], faults: Faults, random: Random) -> list[tuple[int, int]]:
    if not times:
        return []
    starts = (random.randint(min(times), max(times)) for _ in range(faults.outages))
    return [(start, start + faults.outage_seconds) for start in starts]
