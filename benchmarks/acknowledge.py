"""Webhooks acknowledged over HTTP: ours against a bare view with one plain insert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import median

import psycopg
from psycopg.sql import SQL

from benchmarks import bare
from benchmarks.figure import Figure, Section, interleaved, ratios
from benchmarks.load import Sent, send
from benchmarks.processes import THREADS, WORKERS, serving
from benchmarks.requests import bodies, signed
from benchmarks.server import Bench
from benchmarks.sql import count

CONNECTIONS = 64
ROUNDS, REQUESTS = 9, 5_000
QUICK_ROUNDS, QUICK_REQUESTS = 1, 200
OURS, BARE = "ours", "bare view"


def measure(place: Bench, quick: bool) -> Section:
    """Rounds of the same requests to both servers, each of which keeps what it is sent."""
    rounds, requests = (QUICK_ROUNDS, QUICK_REQUESTS) if quick else (ROUNDS, REQUESTS)
    pages = _pages(bodies((rounds + 1) * requests), requests)
    with place.database() as url, ExitStack() as stack:
        with psycopg.connect(url) as connection:
            connection.execute(SQL(bare.TABLE))
        ports = {
            OURS: stack.enter_context(serving(url)),
            BARE: stack.enter_context(serving(url, bare=True)),
        }
        contenders = {name: partial(_round, port, pages) for name, port in ports.items()}
        found = interleaved(contenders, rounds)
        _prove(url, sum(map(len, pages)))
    return Section(
        f"Webhooks acknowledged over HTTP, gunicorn {WORKERS} x {THREADS}, "
        f"{CONNECTIONS} connections",
        tuple(_figures(found)),
        tuple(_facts(found)),
    )


def _pages(many: Sequence[bytes], size: int) -> list[Sequence[bytes]]:
    return [many[start : start + size] for start in range(0, len(many), size)]


def _round(port: int, pages: Sequence[Sequence[bytes]], number: int) -> Sent:
    return send(port, list(signed(pages[number])), CONNECTIONS)


def _prove(url: str, sent: int) -> None:
    """Both tables hold every request that was answered 200, once."""
    with psycopg.connect(url) as connection:
        for table in ("billing_inbox.events", "public.webhooks"):
            kept = count(connection, table)
            assert kept == sent, f"{kept} of {sent} are kept"


def _figures(found: dict[str, list[Sent]]) -> Iterator[Figure]:
    rates = {name: [each.per_second for each in sent] for name, sent in found.items()}
    yield Figure("webhooks acknowledged, to a bare view", ratios(rates[OURS], rates[BARE]), 1.0)
    for share in (0.5, 0.99):
        ours, others = ([each.percentile_ms(share) for each in found[n]] for n in (OURS, BARE))
        name = f"p{share * 100:.0f} of an acknowledgement, to a bare view"
        yield Figure(name, ratios(ours, others), at_most=True)


def _facts(found: dict[str, list[Sent]]) -> Iterator[str]:
    for name, sent in found.items():
        rate = median(each.per_second for each in sent)
        p50, p99 = (median(each.percentile_ms(share) for each in sent) for share in (0.5, 0.99))
        yield f"{name}: {rate:,.0f} /s, p50 {p50:.1f} ms, p99 {p99:.1f} ms"
