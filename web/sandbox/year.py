"""A simulated stretch of time: what happened, how Stripe tells it, and what was spent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from web.sandbox.lives.population import populate
from web.sandbox.render.events import render_all
from web.sandbox.render.versions import NEWEST
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.spends import Spend
from web.sandbox.truth.world import Truth


@dataclass
class Year:
    """The truth and how it is told. Rendering is done on demand, since it outweighs the truth.

    `stories` counts how often each life story was begun.
    """

    truth: Truth
    api_version: str
    stories: Counter[str]

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Every event as Stripe sends it, in the order in which things happened."""
        return list(self.rendered())

    @property
    def spends(self) -> list[Spend]:
        """The credits used, in the order in which that happened."""
        return self.truth.spends

    def rendered(self) -> Iterator[dict[str, Any]]:
        """The same events, one at a time and not kept."""
        return render_all(self.truth.facts, self.api_version)

    def bodies(self) -> Iterator[bytes]:
        """The events as compact JSON, one at a time: the bytes of a delivery."""
        return map(msgspec.json.encode, self.rendered())


def simulate(
    seed: int,
    customers: int,
    start: datetime,
    days: int = 365,
    api_version: str = NEWEST,
) -> Year:
    """Let `customers` live for `days` from `start` (aware); the same seed gives the same bytes.

    Raises `UnknownVersion` for an API version that cannot be rendered.
    """
    begin = int(start.timestamp())
    truth = Truth(f"{seed}:ids", begin)
    stories = populate(truth, seed, customers, days)
    truth.advance(begin + days * DAY)
    return Year(truth, api_version, stories)
