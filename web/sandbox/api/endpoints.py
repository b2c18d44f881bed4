"""Where webhooks go, how often they are tried, and what goes wrong with them on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from web.sandbox.truth.timeline import NEWEST

RETRY_SECONDS = (5.0, 60.0, 600.0, 3600.0, 7200.0)
"""What Stripe waits, about, after each try that failed."""
REORDER_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A receiver. With `connect` it hears of connected accounts only, otherwise of the platform
    only; with `thin` it gets notifications that have to be fetched. No `types`: all of them."""

    url: str
    secret: str
    api_version: str = NEWEST
    connect: bool = False
    thin: bool = False
    types: frozenset[str] = frozenset()

    def wants(self, type_: str, account: str) -> bool:
        """Whether it is told of an event of this type in an account ('': the platform's own)."""
        return self.connect == bool(account) and (not self.types or type_ in self.types)


@dataclass(frozen=True, slots=True)
class Post:
    """A body on its way to an endpoint, which was tried so often before."""

    endpoint: Endpoint
    event: str
    body: bytes
    tried: int = 0

    def again(self) -> Post:
        """The same, tried once more."""
        return replace(self, tried=self.tried + 1)


@dataclass(frozen=True, slots=True)
class Tries:
    """How long to wait after each try; `scale` makes hours of it seconds."""

    scale: float = 1.0
    seconds: Sequence[float] = RETRY_SECONDS

    def wait(self, tried: int) -> float | None:
        """Seconds until the next try; None when there is none."""
        return self.seconds[tried] * self.scale if tried < len(self.seconds) else None


@dataclass(frozen=True, slots=True)
class Mishap:
    """What happens to one event: how many seconds its posts wait (none: it is dropped)."""

    waits: tuple[float, ...] = (0.0,)
    api_version: str | None = None


@dataclass(slots=True)
class Mishaps:
    """What is to go wrong: with how many of the next events each, and until further notice the
    version they are told in. Of `reorder` events the first one comes last."""

    drop: int = 0
    delay: int = 0
    delay_seconds: float = 1.0
    reorder: int = 0
    duplicate: int = 0
    api_version: str | None = None

    def next(self) -> Mishap:
        """What happens to the next event."""
        if self._uses("drop"):
            return Mishap(())
        wait = self.delay_seconds if self._uses("delay") else 0.0
        if self._uses("reorder"):
            wait += self.reorder * REORDER_SECONDS
        twice = self._uses("duplicate")
        return Mishap((wait, wait) if twice else (wait,), self.api_version)

    def _uses(self, name: str) -> bool:
        left = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return bool(left)
