"""Providers: each a folder that verifies what it sent and says it in our words."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ledger.delivery import Delivery
from ledger.observations import Observed


class Headers(Protocol):
    """The headers of a request, by name."""

    def get(self, name: str, /) -> str | None: ...


class Receiver(Protocol):
    """The half of a provider the web needs: is this really theirs, and which event is it?"""

    def receive(self, body: bytes, headers: Headers, now: datetime) -> Delivery:
        """The verified delivery. Raises NotVerified or NotADelivery."""


class Observer(Protocol):
    """The half of a provider the bookkeeper needs: what does this delivery say?"""

    def observe(self, delivery: Delivery) -> Observed:
        """What it says, in our words. Raises a Refusal when it cannot be read."""
