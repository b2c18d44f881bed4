"""Posting signed deliveries over kept connections, many at a time, with retries as Stripe has."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields
from threading import Lock

from web.sandbox.connection import Connection, Unreachable
from web.sandbox.faults import Attempt
from web.sandbox.signing import signature_header
from web.sandbox.truth.spends import Spend

RETRY_SECONDS = (0.1, 0.3, 1.0, 3.0, 5.0)
"""What to wait after each try that met no answer or an error of the server's; then give up."""


@dataclass(slots=True)
class Totals:
    """How deliveries were answered, and how the commands between them went.

    `retried` counts tries that had to be repeated, `lost` deliveries nobody ever answered.
    """

    new: int = 0
    duplicate: int = 0
    refused: int = 0
    retried: int = 0
    lost: int = 0
    spent: int = 0
    unspent: int = 0

    def as_dict(self) -> dict[str, int]:
        """Counts by name."""
        return asdict(self)

    def __add__(self, other: Totals) -> Totals:
        sums = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in FIELDS}
        return Totals(**sums)


FIELDS = fields(Totals)


@dataclass(frozen=True)
class Receiver:
    """Where deliveries go and what signs them. Clock and sleep are passed in for tests.

    `heard` is told the status of every answer, by many threads at once.
    """

    url: str
    secret: str
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    heard: Callable[[int], object] = lambda status: None


@dataclass
class Course:
    """What is to be delivered, in order, and what is told on the way.

    `spend` gives a command to the application and answers whether it was accepted; `tick` is
    called after each entry, by one thread at a time.
    """

    bodies: Sequence[bytes]
    entries: Iterable[Attempt | Spend]
    spend: Callable[[Spend], bool] = field(default=lambda _: False)
    tick: Callable[[], object] = field(default=lambda: None)


def deliver(course: Course, receiver: Receiver, concurrency: int = 8) -> Totals:
    """Deliver everything with `concurrency` threads; raises what `spend` or `tick` raise.

    Entries begin in their order; with more than one thread they need not end in it.
    """
    entries = _Shared(course.entries, course.tick)
    with ThreadPoolExecutor(concurrency, "deliver") as pool:
        workers = [pool.submit(_work, course, entries, receiver) for _ in range(concurrency)]
        return sum((worker.result() for worker in workers), Totals())


class _Shared:
    """One iterator for many threads."""

    def __init__(self, entries: Iterable[Attempt | Spend], tick: Callable[[], object]) -> None:
        self._entries, self._tick, self._lock = iter(entries), tick, Lock()

    def __iter__(self) -> Iterator[Attempt | Spend]:
        while True:
            with self._lock:
                entry = next(self._entries, None)
            if entry is None:
                return
            yield entry
            with self._lock:
                self._tick()


def _work(course: Course, entries: _Shared, receiver: Receiver) -> Totals:
    totals = Totals()
    with Connection(receiver.url) as connection:
        for entry in entries:
            if isinstance(entry, Spend):
                _count(totals, "spent" if course.spend(entry) else "unspent")
            else:
                _post(connection, course.bodies[entry.event], receiver, totals)
    return totals


def _post(connection: Connection, body: bytes, receiver: Receiver, totals: Totals) -> None:
    for wait in (*RETRY_SECONDS, None):
        answer = _try(connection, body, receiver)
        if answer is not None:
            return _count(totals, answer)
        if wait is not None:
            totals.retried += 1
            receiver.sleep(wait)
    return _count(totals, "lost")


def _try(connection: Connection, body: bytes, receiver: Receiver) -> str | None:
    """One try with a fresh signature; None when it must be repeated."""
    header = signature_header(body, receiver.secret, int(receiver.now()))
    try:
        status, text = connection.post(body, {"Stripe-Signature": header})
    except Unreachable:
        return None
    receiver.heard(status)
    if status >= 500:
        return None
    if status >= 300:
        return "refused"
    return "duplicate" if b'"duplicate":true' in text else "new"


def _count(totals: Totals, name: str) -> None:
    setattr(totals, name, getattr(totals, name) + 1)
