"""Webhooks: each new fact is posted, signed, to the endpoints that want it, until they take it."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any

import msgspec

from web.sandbox.api.endpoints import Endpoint, Mishaps, Post, Tries
from web.sandbox.connection import Connection, Unreachable
from web.sandbox.signing import signature_header
from web.sandbox.truth.world import Fact

Tell = Callable[[Fact, Endpoint, str | None], dict[str, Any] | None]
"""The body an endpoint is sent for a fact, in another version if one is given; None for none."""


class Sender:
    """Posts from a thread of its own, once started. What goes wrong on the way is in `mishaps`.

    `undelivered` are the ids of events that some endpoint has not taken (yet).
    """

    def __init__(self, tell: Tell, undelivered: set[str]) -> None:
        self.endpoints: Sequence[Endpoint] = ()
        self.mishaps = Mishaps()
        self.tries = Tries()
        self.delivered = self.failed = 0
        self._tell = tell
        self._undelivered = undelivered
        self._queue: list[tuple[float, int, Post]] = []
        self._count = self._waiting = 0
        self._changed = Condition()
        self._thread: Thread | None = None

    def take(self, fact: Fact) -> None:
        """Queues what a fact is told by."""
        mishap = self.mishaps.next()
        for endpoint in self.endpoints:
            body = self._tell(fact, endpoint, mishap.api_version)
            if body is None:
                continue
            post = Post(endpoint, body["id"], msgspec.json.encode(body))
            self._undelivered.add(post.event)
            for wait in mishap.waits:
                self._put(time.monotonic() + wait, post)

    def start(self, endpoints: Sequence[Endpoint], tries: Tries | None = None) -> None:
        """From now on, to these."""
        self.endpoints, self.tries = endpoints, tries or self.tries
        self._thread = Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Lets the post under way be finished; the others are dropped."""
        thread, self._thread, self.endpoints = self._thread, None, ()
        with self._changed:
            self._queue.clear()
            self._changed.notify_all()
        if thread is not None:
            thread.join()
        self._waiting = 0

    @property
    def pending(self) -> int:
        """Posts that wait, or are under way."""
        return self._waiting

    def wait(self, seconds: float = 120) -> bool:
        """Until nothing waits to be posted any more; false when that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting == 0, seconds)

    def _put(self, at: float, post: Post) -> None:
        with self._changed:
            self._count += 1
            self._waiting += 1
            heapq.heappush(self._queue, (at, self._count, post))
            self._changed.notify_all()

    def _run(self) -> None:
        while self._thread is not None:
            post = self._next()
            if post is None:
                continue
            self._try(post)
            with self._changed:
                self._waiting -= 1
                self._changed.notify_all()

    def _next(self) -> Post | None:
        """The first post that is due; None when there is another look to be taken."""
        with self._changed:
            now = time.monotonic()
            if self._queue and self._queue[0][0] <= now:
                return heapq.heappop(self._queue)[2]
            if self._thread is not None:
                self._changed.wait(self._queue[0][0] - now if self._queue else None)
            return None

    def _try(self, post: Post) -> None:
        if self._is_taken(post):
            self.delivered += 1
            self._undelivered.discard(post.event)
            return
        self.failed += 1
        wait = self.tries.wait(post.tried)
        if wait is not None:
            self._put(time.monotonic() + wait, post.again())

    def _is_taken(self, post: Post) -> bool:
        """One try with a signature of its own, as of the real clock: receivers look at its age."""
        header = signature_header(post.body, post.endpoint.secret, int(time.time()))
        try:
            with Connection(post.endpoint.url) as connection:
                status, _ = connection.post(post.body, {"Stripe-Signature": header})
        except Unreachable:
            return False
        return 200 <= status < 300
