"""Sealing and verifying history: against only reading the same rows, and the memory it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from statistics import median

import psycopg

from benchmarks import sealing
from benchmarks.figure import Figure, Section, interleaved, ratios
from benchmarks.folding import Run
from benchmarks.history import make_history
from benchmarks.rebuild import MEBIBYTE, in_own_process
from benchmarks.server import Bench
from benchmarks.sql import count

ROUNDS, POPULATIONS, CUSTOMERS = 5, 10, 820
QUICK_ROUNDS, QUICK_POPULATIONS, QUICK_CUSTOMERS = 1, 1, 20


def measure(place: Bench, quick: bool) -> Section:
    """Histories of simulated years; sealing comes before verifying in every round."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    size = (QUICK_POPULATIONS, QUICK_CUSTOMERS) if quick else (POPULATIONS, CUSTOMERS)
    with place.database() as url:
        make_history(url, *size)
        with psycopg.connect(url) as connection:
            stores = ("billing_inbox.events", "billing_ledger.events")
            deliveries, events = (count(connection, each) for each in stores)
        sealing.seal(url)  # whoever comes first in a round finds seals
        found = interleaved(_contenders(url), rounds)
    entries = deliveries + events
    return Section(
        f"Sealing and verifying {deliveries:,} deliveries and {events:,} events",
        tuple(_figures(found)),
        tuple(_facts(found, entries)),
    )


def _contenders(url: str) -> dict[str, Callable[[int], Run]]:
    return {
        "read": partial(in_own_process, sealing.read, url),
        "seal": partial(in_own_process, sealing.seal, url),
        "verify": partial(in_own_process, sealing.verify, url),
    }


def _figures(found: Mapping[str, list[Run]]) -> Iterator[Figure]:
    read = [1 / each.seconds for each in found["read"]]
    for name in ("seal", "verify"):
        rates = [1 / each.seconds for each in found[name]]
        yield Figure(f"{name}, to only reading the rows", ratios(rates, read), 0.3)
    for name in ("seal", "verify"):
        peaks = tuple(each.peak_bytes / MEBIBYTE for each in found[name])
        yield Figure(f"peak memory of {name}", peaks, 256.0, "MiB", at_most=True)


def _facts(found: Mapping[str, list[Run]], entries: int) -> Iterator[str]:
    for name, runs in found.items():
        rate = median(entries / each.seconds for each in runs)
        yield f"{name}: {rate:,.0f} entries /s"
