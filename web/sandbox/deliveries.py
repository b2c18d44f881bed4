"""A simulated year as deliveries that nobody has to post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ledger.delivery import Delivery
from ledger.providers.stripe.receiver import envelope
from web.sandbox.year import simulate

START = datetime(2026, 1, 1, tzinfo=UTC)


def simulated(customers: int, seed: int) -> Iterator[Delivery]:
    """The year of some customers, in the order in which it happened; the same seed, the same."""
    for body in simulate(seed, customers, START).bodies():
        read = envelope(body)
        yield Delivery(read, read.created, {}, body)
