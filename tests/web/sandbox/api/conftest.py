"""A stand-in over HTTP with a clock of the test's own, and Stripe's library to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import stripe

from web.sandbox.api import World, create_stand_in
from web.sandbox.api.server import serving

START = 1_700_000_000
KEY = "sk_test_house"


@dataclass
class Sandbox:
    """The world behind the stand-in, and where it is served."""

    world: World
    url: str = ""

    def client(self, key: str = KEY) -> stripe.StripeClient:
        """Stripe's library, pointed at the stand-in; it tries each call once."""
        return stripe.StripeClient(key, base_addresses={"api": self.url}, max_network_retries=0)

    @property
    def told(self) -> list[str]:
        """The types of the events so far, in order."""
        with self.world.turn() as truth:
            return [fact.type for fact in truth.facts]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    found = Sandbox(World(clock=lambda: START))
    with serving(create_stand_in(found.world)) as found.url:
        yield found


@pytest.fixture
def client(sandbox: Sandbox) -> stripe.StripeClient:
    return sandbox.client()
