"""Deliveries to torture, and rules with and without a guard."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from ledger.assembly import OBSERVERS
from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.policy import Policy
from ledger.snapshots import Newest, Snapshot
from web.sandbox.deliveries import simulated

NOW = datetime(2027, 1, 2, tzinfo=UTC)
RULES = Rules(OBSERVERS, Policy(), livemode=False)


@cache
def year() -> tuple[Delivery, ...]:
    """A small year, in the order in which it happened."""
    return tuple(simulated(customers=5, seed=3))


def without_an_order_of_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the guard away by which the newest snapshot wins: now the last to arrive does."""

    def last_to_arrive(_: Newest[Any], snapshot: Snapshot[Any]) -> Newest[Any]:
        return Newest((snapshot,))

    monkeypatch.setattr(Newest, "with_", last_to_arrive)
