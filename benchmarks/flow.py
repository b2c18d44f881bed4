"""From HTTP to the tables: deliveries a second, and at half of that how long a row takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from random import Random
from statistics import median
from time import monotonic, sleep

import psycopg

from benchmarks.acknowledge import CONNECTIONS
from benchmarks.figure import Figure, Section
from benchmarks.latency import percentile
from benchmarks.load import send
from benchmarks.processes import BILLING, running, serving
from benchmarks.requests import bodies, signed
from benchmarks.server import Bench
from benchmarks.sql import count
from benchmarks.visible import delays_seconds
from projections.schema import migrate

ROUNDS, FLOOD, SECONDS = 3, 8_000, 15.0
QUICK_ROUNDS, QUICK_FLOOD, QUICK_SECONDS = 1, 200, 1.0
WARM_UP = 500
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 120.0
TABLE = "finance.deliveries"


class NeverVisible(Exception):
    def __init__(self, shown: int, wanted: int) -> None:
        super().__init__(f"{shown} of {wanted} deliveries reached {TABLE}")


def measure(place: Bench, quick: bool) -> Section:
    """Floods first; then a steady stream at half the rate these reached."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    flood = QUICK_FLOOD if quick else FLOOD
    seconds = QUICK_SECONDS if quick else SECONDS
    with place.database() as url, ExitStack() as stack:
        migrate(url)
        port = stack.enter_context(serving(url)).port
        stack.enter_context(running([BILLING, "work"], url))
        flow = Flow(url, port)
        flow.flood(WARM_UP)
        rates = [flow.flood(flood) for _ in range(rounds)]
        half_per_second = median(rates) / 2
        delays = [flow.stream(half_per_second, seconds, seed) for seed in range(rounds)]
        flow.prove()
    return Section(
        f"From HTTP to the tables, serve and work running, {CONNECTIONS} connections",
        tuple(_figures(rates, delays)),
        tuple(_facts(half_per_second, delays)),
    )


class Flow:
    """One endpoint, and the life of one population sent to it piece by piece."""

    def __init__(self, url: str, port: int) -> None:
        self._url, self._port = url, port
        self._sent = 0
        self._bodies = iter(_endless())

    def flood(self, size: int) -> float:
        """Deliveries a second, from the first request until every row is visible."""
        requests = list(signed(list(islice(self._bodies, size))))
        start = monotonic()
        send(self._port, requests, CONNECTIONS)
        self._sent += size
        self._await()
        return size / (monotonic() - start)

    def stream(self, per_second: float, seconds: float, seed: int) -> list[float]:
        """Seconds from the 200 to the visible row, of each delivery of a random stream."""
        size, random = int(per_second * seconds), Random(seed)
        many, due = list(islice(self._bodies, size)), [0.0]
        while len(due) < size:
            due.append(due[-1] + random.expovariate(per_second))
        self._sent += size
        return delays_seconds(self._url, self._port, many, due)

    def prove(self) -> None:
        """Every delivery that was answered 200 has its row, and was understood."""
        self._await()
        with psycopg.connect(self._url) as connection:
            query = "SELECT count(*) FROM finance.deliveries WHERE outcome = 'refused'"
            refused = connection.execute(query).fetchone()
        assert refused == (0,), f"{refused} deliveries were refused"

    def _await(self) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        with psycopg.connect(self._url, autocommit=True) as connection:
            while (shown := count(connection, TABLE)) < self._sent:
                if monotonic() > deadline:
                    raise NeverVisible(shown, self._sent)
                sleep(LOOK_SECONDS)
        assert shown == self._sent, "more rows than deliveries"


def _endless() -> Iterator[bytes]:
    """Lives of populations, one after the other."""
    seed = 1
    while True:
        yield from bodies(20_000, seed)
        seed += 1


def _figures(rates: Sequence[float], delays: Sequence[Sequence[float]]) -> Iterator[Figure]:
    yield Figure("deliveries from HTTP to the tables", tuple(rates), unit="/s")
    for share, goal in ((0.5, None), (0.99, 100.0)):
        rounds = tuple(percentile(each, share) * 1000 for each in delays)
        name = f"from the 200 to the row at half that load, p{share * 100:.0f}"
        yield Figure(name, rounds, goal, unit="ms", at_most=True)


def _facts(per_second: float, delays: Sequence[Sequence[float]]) -> Iterator[str]:
    slowest = max(max(each) for each in delays) * 1000
    yield f"half load: {per_second:,.0f} /s; the slowest row took {slowest:,.0f} ms"
