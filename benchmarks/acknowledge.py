"""Webhooks acknowledged over HTTP: ours against a bare view with one plain insert."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import median

import msgspec
import psycopg
from psutil import Process
from psycopg.sql import SQL

from benchmarks import bare
from benchmarks.cpu import cpu_seconds, postmaster
from benchmarks.figure import Figure, Section, interleaved, ratios
from benchmarks.latency import Sent
from benchmarks.load import send
from benchmarks.processes import WORKERS, Served, serving
from benchmarks.requests import bodies, signed
from benchmarks.server import Bench
from benchmarks.sql import count

CONNECTIONS = 64
ROUNDS, REQUESTS = 9, 5_000
QUICK_ROUNDS, QUICK_REQUESTS = 1, 200
OURS, BARE = "ours", "bare view"
GOALS: Mapping[int, float | None] = {16: 1.0, 32: None}
"""Threads of a worker -> the goal."""

Pages = Sequence[Sequence[bytes]]


class Round(msgspec.Struct, frozen=True):
    """What was sent, and the CPU time of a request in the web processes and PostgreSQL."""

    sent: Sent
    cpu_seconds: float


Found = dict[str, list[Round]]


def measure(place: Bench, quick: bool) -> Section:
    """Rounds of the same requests to both servers, each of which keeps what it is sent."""
    rounds, requests = (QUICK_ROUNDS, QUICK_REQUESTS) if quick else (ROUNDS, REQUESTS)
    pages = _pages(bodies((rounds + 1) * requests), requests)
    found = {threads: _rounds(place, threads, pages) for threads in GOALS}
    return Section(
        f"Webhooks acknowledged over HTTP, gunicorn with {WORKERS} workers, "
        f"{CONNECTIONS} connections",
        tuple(each for threads in GOALS for each in _figures(threads, found[threads])),
        tuple(each for threads in GOALS for each in _facts(threads, found[threads])),
    )


def _rounds(place: Bench, threads: int, pages: Pages) -> Found:
    """All pages but the first, which warms up."""
    with place.database() as url, ExitStack() as stack:
        with psycopg.connect(url) as connection:
            connection.execute(SQL(bare.TABLE))
        served = {
            OURS: stack.enter_context(serving(url, threads)),
            BARE: stack.enter_context(serving(url, threads, bare=True)),
        }
        database = postmaster(url)
        contenders = {name: partial(_round, each, database, pages) for name, each in served.items()}
        found = interleaved(contenders, len(pages) - 1)
        _prove(url, sum(map(len, pages)))
    return found


def _pages(many: Sequence[bytes], size: int) -> list[Sequence[bytes]]:
    return [many[start : start + size] for start in range(0, len(many), size)]


def _round(served: Served, database: list[Process], pages: Pages, number: int) -> Round:
    requests = list(signed(pages[number]))
    roots = [served.process, *database]
    before = cpu_seconds(roots)
    sent = send(served.port, requests, CONNECTIONS)
    return Round(sent, (cpu_seconds(roots) - before) / len(requests))


def _prove(url: str, sent: int) -> None:
    """Both tables hold every request that was answered 200, once."""
    with psycopg.connect(url) as connection:
        for table in ("billing_inbox.events", "public.webhooks"):
            kept = count(connection, table)
            assert kept == sent, f"{kept} of {sent} are kept"


def _figures(threads: int, found: Found) -> Iterator[Figure]:
    def ratio(value: Callable[[Round], float]) -> tuple[float, ...]:
        ours, bare_ones = (list(map(value, found[name])) for name in (OURS, BARE))
        return ratios(ours, bare_ones)

    where = f"to a bare view, {WORKERS} x {threads} threads"
    rates = ratio(lambda each: each.sent.per_second)
    yield Figure(f"webhooks acknowledged, {where}", rates, GOALS[threads])
    for name, value in LESS_IS_BETTER.items():
        yield Figure(f"{name}, {where}", ratio(value), at_most=True)


LESS_IS_BETTER: dict[str, Callable[[Round], float]] = {
    "p50 of an acknowledgement": lambda each: each.sent.percentile_ms(0.5),
    "p99 of an acknowledgement": lambda each: each.sent.percentile_ms(0.99),
    "CPU time of an acknowledgement": lambda each: each.cpu_seconds,
}


def _facts(threads: int, found: Found) -> Iterator[str]:
    for name, rounds in found.items():
        rate = median(each.sent.per_second for each in rounds)
        p50, p99 = (median(r.sent.percentile_ms(share) for r in rounds) for share in (0.5, 0.99))
        cpu_us = median(each.cpu_seconds for each in rounds) * 1e6
        yield (
            f"{WORKERS} x {threads}, {name}: {rate:,.0f} /s, "
            f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, CPU {cpu_us:.0f} us"
        )
