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
from web.sandbox.older import as_it_was
from web.sandbox.render.events import render_all, sent
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.spends import Spend
from web.sandbox.truth.timeline import NEWEST, Timeline, timeline
from web.sandbox.truth.world import Fact, Truth


@dataclass
class Year:
    """The truth and how it is told. Rendering is done on demand, since it outweighs the truth.

    `account` has the API versions by which things happened, and are told unless an endpoint has
    versions of its own.
    `stories` counts how often each life story was begun.
    """

    truth: Truth
    account: Timeline
    stories: Counter[str]

    @property
    def api_version(self) -> str:
        """The version the account began with."""
        return self.account.first

    @property
    def facts(self) -> list[Fact]:
        """The facts that are told, one for each event."""
        return sent(self.truth.facts, self.account)

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """Every event as Stripe sends it, in the order in which things happened."""
        return list(self.rendered())

    @property
    def spends(self) -> list[Spend]:
        """The credits used, in the order in which that happened."""
        return self.truth.spends

    def rendered(self, endpoint: str | Timeline | None = None) -> Iterator[dict[str, Any]]:
        """The same events, one at a time and not kept; or as another endpoint is sent them."""
        return render_all(self.truth.facts, timeline(endpoint or self.account))

    def bodies(self, endpoint: str | Timeline | None = None) -> Iterator[bytes]:
        """The events as compact JSON, one at a time: the bytes of a delivery."""
        return map(msgspec.json.encode, self.rendered(endpoint))


def simulate(
    seed: int,
    customers: int,
    start: datetime,
    days: int = 365,
    api_version: str | Timeline = NEWEST,
) -> Year:
    """Let `customers` live for `days` from `start` (aware); the same seed gives the same bytes.

    Rendering raises `UnknownVersion` for an API version that cannot be told.
    """
    begin = int(start.timestamp())
    truth = Truth(f"{seed}:ids", begin)
    stories = populate(truth, seed, customers, days)
    truth.advance(begin + days * DAY)
    account = timeline(api_version)
    truth.facts = as_it_was(truth.facts, account)
    return Year(truth, account, stories)
