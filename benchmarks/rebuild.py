"""Rebuilding all tables: against only reading and decoding, and against the library's runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from statistics import median

import msgspec

from benchmarks import folding, library
from benchmarks.figure import Figure, Section, interleaved, ratios
from benchmarks.folding import Run
from benchmarks.history import make_history
from benchmarks.server import Bench

ROUNDS, POPULATIONS, CUSTOMERS, SAMPLE_CUSTOMERS = 5, 10, 820, 40
QUICK_ROUNDS, QUICK_POPULATIONS, QUICK_CUSTOMERS, QUICK_SAMPLE_CUSTOMERS = 1, 2, 20, 5
MEBIBYTE = 2**20


class History(msgspec.Struct, frozen=True):
    """A database and how many domain events it holds."""

    url: str
    events: int


def measure(place: Bench, quick: bool) -> Section:
    """A history, one ten times as long, and a short one for the library, all by turns."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    populations = QUICK_POPULATIONS if quick else POPULATIONS
    customers = QUICK_CUSTOMERS if quick else CUSTOMERS
    sample_customers = QUICK_SAMPLE_CUSTOMERS if quick else SAMPLE_CUSTOMERS
    with ExitStack() as stack:

        def history(populations: int, customers: int) -> History:
            url = stack.enter_context(place.database())
            return History(url, make_history(url, populations, customers))

        short, long = history(1, customers), history(populations, customers)
        sample = history(1, sample_customers)
        found = interleaved(_contenders(short, long, sample), rounds)
        for each in (short, long):
            folding.prove(each.url)
    return Section(
        "Rebuilding all tables from simulated years, worked off by the bookkeeper",
        tuple(_figures(found, short, long, sample)),
        tuple(_facts(found, short, long, sample)),
    )


def _contenders(short: History, long: History, sample: History) -> dict[str, Callable[[int], Run]]:
    return {
        "rebuild short": partial(in_own_process, folding.rebuild, short.url),
        "read short": partial(in_own_process, folding.read, short.url),
        "rebuild long": partial(in_own_process, folding.rebuild, long.url),
        "read long": partial(in_own_process, folding.read, long.url),
        "library": partial(in_own_process, library.run, sample.url),
    }


def in_own_process(work: Callable[[str], Run], url: str, number: int) -> Run:
    """Nothing left over from a round before: neither memory nor connections."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, url).result()


def _figures(
    found: dict[str, list[Run]], short: History, long: History, sample: History
) -> Iterator[Figure]:
    events = {"short": short.events, "long": long.events}
    rebuilt, read = (
        {name: _rates(found[f"{what} {name}"], events[name]) for name in events}
        for what in ("rebuild", "read")
    )
    runner = _rates(found["library"], sample.events)
    for name, size in events.items():
        title = f"rebuild of {size:,} events, to only reading and decoding"
        yield Figure(title, ratios(rebuilt[name], read[name]), 0.4)
    yield Figure("rebuild, to the library's runner", ratios(rebuilt["short"], runner), 40.0)
    title = f"rebuild of {long.events:,} events, to that of {short.events:,}, per event"
    yield Figure(title, ratios(rebuilt["long"], rebuilt["short"]))
    for name, size in events.items():
        peaks = tuple(each.peak_bytes / MEBIBYTE for each in found[f"rebuild {name}"])
        yield Figure(f"peak memory of a rebuild of {size:,} events", peaks, unit="MiB")


def _rates(runs: list[Run], events: int) -> list[float]:
    return [events / each.seconds for each in runs]


def _facts(
    found: dict[str, list[Run]], short: History, long: History, sample: History
) -> Iterator[str]:
    for name, history in (("short", short), ("long", long)):
        runs = found[f"rebuild {name}"]
        rate = median(_rates(runs, history.events))
        share = median(each.folding_seconds / each.seconds for each in runs)
        reading = median(_rates(found[f"read {name}"], history.events))
        yield (
            f"{history.events:,} events: rebuilt {rate:,.0f} /s "
            f"({share:.0%} of it reading and folding), only read and decoded {reading:,.0f} /s"
        )
    rate = median(_rates(found["library"], sample.events))
    yield f"the library's runner, {sample.events:,} events: {rate:,.0f} /s"
