"""What was known when: one key and a whole table, against only reading the same history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from statistics import median

from benchmarks import folding, looking
from benchmarks.figure import Figure, Section, interleaved, ratios
from benchmarks.folding import Run
from benchmarks.history import make_history
from benchmarks.rebuild import MEBIBYTE, in_own_process
from benchmarks.server import Bench

ROUNDS, POPULATIONS, CUSTOMERS = 5, 10, 820
QUICK_ROUNDS, QUICK_POPULATIONS, QUICK_CUSTOMERS = 1, 1, 20
ONE_KEY_SECONDS = 1.0


def measure(place: Bench, quick: bool) -> Section:
    """A cut in the middle of the history of simulated years."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    size = (QUICK_POPULATIONS, QUICK_CUSTOMERS) if quick else (POPULATIONS, CUSTOMERS)
    with place.database() as url:
        events = make_history(url, *size)
        looking.prove(url)
        found = interleaved(_contenders(url), rounds)
    return Section(
        f"Tables as they were known, half-way through {events:,} events",
        tuple(_figures(found)),
        tuple(_facts(found)),
    )


def _contenders(url: str) -> dict[str, Callable[[int], Run]]:
    return {
        "read": partial(in_own_process, folding.read, url),
        "one key": partial(in_own_process, looking.one_key, url),
        "a table": partial(in_own_process, looking.whole_table, url),
    }


def _figures(found: Mapping[str, list[Run]]) -> Iterator[Figure]:
    seconds = tuple(each.seconds for each in found["one key"])
    yield Figure("balance of one customer", seconds, ONE_KEY_SECONDS, "s", at_most=True)
    read = [0.5 / each.seconds for each in found["read"]]  # half of it is before the cut
    rates = [1 / each.seconds for each in found["a table"]]
    yield Figure("all entitlements, to only reading and decoding", ratios(rates, read), 0.4)
    peaks = tuple(each.peak_bytes / MEBIBYTE for each in found["a table"])
    yield Figure("peak memory of all entitlements", peaks, unit="MiB")


def _facts(found: Mapping[str, list[Run]]) -> Iterator[str]:
    for name, runs in found.items():
        yield f"{name}: {median(each.seconds for each in runs):.2f} s"
