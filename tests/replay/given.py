"""Deliveries to torture, and the rules to work them off by."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from ledger.assembly import OBSERVERS
from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.policy import Policy
from web.sandbox.deliveries import simulated

NOW = datetime(2027, 1, 2, tzinfo=UTC)
RULES = Rules(OBSERVERS, Policy(), livemode=False)


@cache
def year() -> tuple[Delivery, ...]:
    """A small year, in the order in which it happened."""
    return tuple(simulated(customers=5, seed=3))
