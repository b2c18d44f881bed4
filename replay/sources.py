"""Where the deliveries to replay come from: the Inbox, read only, or a simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from itertools import islice

from ledger.delivery import Delivery
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.log import LogReader

GROUP = "billing.deliveries"

Simulation = Callable[[int, int], Iterator[Delivery]]
"""(customers, seed) -> their deliveries."""


class NoSimulator(LedgerError):
    def __init__(self) -> None:
        super().__init__(f"no package offers simulated deliveries (entry point {GROUP})")


def received(settings: Settings, url: str, limit: int) -> list[Delivery]:
    """The first deliveries in the Inbox, in the order they came; `limit` at most."""
    reader = LogReader(url, settings.names.inbox)
    try:
        states = (state for page in reader.pages(0) for *_, state in page)
        return [Delivery.from_state(state) for state in islice(states, limit)]
    finally:
        reader.close()


def simulated(customers: int, seed: int, limit: int) -> list[Delivery]:
    """The first deliveries of a simulated year. Raises NoSimulator where none is installed.

    The simulator contributes itself by entry point, as commands do, so that imports keep pointing
    one way.
    """
    for entry in entry_points(group=GROUP):
        simulation: Simulation = entry.load()
        return list(islice(simulation(customers, seed), limit))
    raise NoSimulator
