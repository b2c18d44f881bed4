"""Deliveries that go on in the background, with retries, while a test disturbs the system."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from tests.system.installation import SECRET, Installation
from tests.system.patience import until
from tests.system.year import bodies, moments
from web.sandbox.deliver import Course, Receiver, Totals, deliver
from web.sandbox.faults import Attempt

THREADS = 8


class Delivering:
    """Delivers `attempts` until each is answered 200; a context that waits for its end.

    `statuses` has every answer's. A try that failed is repeated only once the endpoint says that
    it is well, so that no outage outlasts the retries.
    """

    def __init__(
        self, installation: Installation, attempts: Sequence[Attempt], seed: int = 0
    ) -> None:
        self.statuses: list[int] = []
        self.done = 0
        self._given_up = False
        self._installation = installation
        self._attempts = attempts
        self._seed = seed
        self._pool = ThreadPoolExecutor(1)
        self._future: Future[Totals] | None = None

    def moments(self, count: int) -> Iterator[int]:
        """Waits for `count` seeded moments in the middle of it, one after the other."""
        for moment in moments(self._seed, len(self._attempts), count):
            self._wait_for(moment)
            yield moment

    def __enter__(self) -> Self:
        self._future = self._pool.submit(self._deliver)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._given_up = error is not None
        self._pool.shutdown()
        if error is None and self._future is not None:
            totals = self._future.result()
            assert totals.lost == totals.refused == 0, totals
            assert set(self.statuses) <= {200, 503}, "never a bug, never a refusal"

    def _wait_for(self, moment: int) -> None:
        until(lambda: self.done >= moment or not self._is_running, f"delivery {moment}")

    @property
    def _is_running(self) -> bool:
        return self._future is not None and not self._future.done()

    def _deliver(self) -> Totals:
        entries = (each for each in self._attempts if not self._given_up)
        course = Course(bodies(), entries, tick=self._tick)
        url, heard = self._installation.webhook_url, self.statuses.append
        receiver = Receiver(url, SECRET, sleep=self._pause, heard=heard)
        return deliver(course, receiver, THREADS)

    def _tick(self) -> None:
        self.done += 1

    def _pause(self, seconds: float) -> None:
        time.sleep(seconds)
        until(lambda: self._given_up or self._installation.answers(), "the endpoint to answer")
