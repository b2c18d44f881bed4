"""The live world: one truth for many threads, whose clock runs and can be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from web.sandbox.api.endpoints import Endpoint
from web.sandbox.api.failures import Failures
from web.sandbox.api.sender import Sender
from web.sandbox.api.shelf import Shelf
from web.sandbox.api.thin import notification
from web.sandbox.render.context import Context
from web.sandbox.render.events import Memory
from web.sandbox.render.types import is_sent
from web.sandbox.render.versions import check
from web.sandbox.truth.timeline import NEWEST
from web.sandbox.truth.world import Fact, Truth

Json = dict[str, Any]
Listener = Callable[[Fact], object]


class World:
    """A truth with a lock. Whoever looks at the truth, or changes it, does so within `turn`.

    `clock` gives Unix seconds; the world's own time is ahead of it by what it was moved on.
    `listeners` are told each new fact once, in order, within the turn that made it.
    """

    def __init__(
        self,
        seed: str = "sandbox",
        clock: Callable[[], float] = time.time,
        api_version: str = NEWEST,
    ) -> None:
        check(api_version)
        self._clock = clock
        self._ahead = 0
        self.truth = Truth(seed, self.now)
        self.version = api_version
        self.shelf = Shelf((), now=lambda: self.now)
        self.failures = Failures()
        self.sender = Sender(self.told_to, self.shelf.undelivered)
        self.listeners: list[Listener] = [self._put_on_the_shelf, self.sender.take]
        self.keys: dict[str, str] = {}
        self.context = Context()
        self._memories: dict[str, Memory] = {}
        self._published = 0
        self._lock = RLock()

    @property
    def now(self) -> int:
        """The world's time in whole Unix seconds."""
        return int(self._clock()) + self._ahead

    @contextmanager
    def turn(self, request: str | None = None, key: str | None = None) -> Iterator[Truth]:
        """The truth as of now, to oneself; what happens within is because of `request`."""
        with self._lock:
            self._advance()
            self.truth.request = request
            if request and key:
                self.keys[request] = key
            try:
                yield self.truth
            finally:
                self.truth.request = None
                self._publish()

    def catch_up(self) -> None:
        """Let what has fallen due happen."""
        with self.turn():
            pass

    def move(self, seconds: int) -> None:
        """Let time pass at once: what falls due on the way happens at its own moment."""
        with self._lock:
            self._ahead += seconds
            self.catch_up()

    def event(self, fact: Fact, api_version: str) -> Json:
        """A fact as the event a version tells it by. Raises UnknownVersion."""
        if api_version not in self._memories:
            check(api_version)
            self._memories[api_version] = Memory(
                api_version, self.context, lambda request: self.keys.get(request or "")
            )
        return self._memories[api_version].event(fact)

    def told_to(self, fact: Fact, endpoint: Endpoint, api_version: str | None) -> Json | None:
        """What an endpoint is posted for a fact, in its own version unless another is given."""
        version = api_version or endpoint.api_version
        if not endpoint.wants(fact.type, fact.noun.account) or not is_sent(fact.type, version):
            return None
        event = self.event(fact, version)
        return notification(event) if endpoint.thin else event

    def _advance(self) -> None:
        self.truth.advance(max(self.now, self.truth.now))

    def _publish(self) -> None:
        while self._published < len(self.truth.facts):
            fact = self.truth.facts[self._published]
            self._published += 1
            self.context.note(fact.at, fact.noun)
            for listener in self.listeners:
                listener(fact)

    def _put_on_the_shelf(self, fact: Fact) -> None:
        if is_sent(fact.type, self.version):
            self.shelf.add(self.event(fact, self.version))
