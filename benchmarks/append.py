"""The recorder alone, a row a call: against plain inserts and the library's recorder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from statistics import median
from time import monotonic

import psycopg

from benchmarks.figure import Figure, Section, interleaved, ratios
from benchmarks.server import Bench
from benchmarks.sql import count
from benchmarks.writers import LIBRARY, OURS, PLAIN, WRITERS, Job, write

SHAPES = ((1, 16), (2, 8))  # processes, threads in each
ROUNDS, SECONDS = 7, 2.0
QUICK_ROUNDS, QUICK_SECONDS = 1, 0.2

Found = dict[str, list[float]]


def measure(place: Bench, quick: bool) -> Section:
    """Rounds of a few seconds for each writer, with 16 threads in one process and in two."""
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    with place.database() as url, ExitStack() as stack:
        for prepare in (writer.prepare for writer in WRITERS.values()):
            prepare(url)
        found = {shape: _rounds(url, shape, rounds, seconds, stack) for shape in SHAPES}
    return Section(
        "The recorder alone, one row of 3 kB a call",
        tuple(figure for shape in SHAPES for figure in _figures(shape, found[shape])),
        tuple(fact for shape in SHAPES for fact in _facts(shape, found[shape])),
    )


def _rounds(
    url: str, shape: tuple[int, int], rounds: int, seconds: float, stack: ExitStack
) -> Found:
    processes, threads = shape
    pool = stack.enter_context(ProcessPoolExecutor(processes, mp_context=get_context("spawn")))
    jobs = {name: Job(name, url, threads, seconds) for name in WRITERS}
    contenders = {name: partial(_round, pool, processes, job) for name, job in jobs.items()}
    return interleaved(contenders, rounds)


def _round(pool: ProcessPoolExecutor, processes: int, job: Job, number: int) -> float:
    """Rows stored a second; every row that was acknowledged is found in the table."""
    before = _stored(job)
    start = monotonic() + job.seconds / 2  # by then all are connected
    done = sum(pool.map(write, [job] * processes, [start] * processes, range(processes)))
    warm = processes * job.threads
    assert _stored(job) - before == done + warm, "acknowledged, and not there"
    return done / job.seconds


def _stored(job: Job) -> int:
    with psycopg.connect(job.url) as connection:
        return count(connection, WRITERS[job.writer].table)


def _figures(shape: tuple[int, int], found: Found) -> Iterator[Figure]:
    name = f"recorder, {shape[0]} x {shape[1]} threads, to"
    yield Figure(f"{name} plain inserts", ratios(found[OURS], found[PLAIN]), 0.8)
    yield Figure(f"{name} the library's recorder", ratios(found[OURS], found[LIBRARY]), 5.0)


def _facts(shape: tuple[int, int], found: Found) -> Iterator[str]:
    rates: Sequence[str] = [f"{name} {median(rate):,.0f} /s" for name, rate in found.items()]
    yield f"{shape[0]} x {shape[1]} threads: {', '.join(rates)}"
