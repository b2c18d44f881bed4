"""Tells a few events to a ledger in memory, in one order or in all of them."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from ledger.assembly import OBSERVERS
from ledger.clerk import Rules
from ledger.policy import Policy
from projections.entitlements import active
from replay.memory import MemoryLedger
from tests.ledger.providers.stripe.objects import Json
from tests.ledger.providers.stripe.payloads import delivery, time

RULES = Rules(OBSERVERS, Policy(), livemode=False)
NOW = time(365)


def told(*events: Json, rules: Rules = RULES) -> MemoryLedger:
    """A ledger that heard these events one after the other."""
    ledger = MemoryLedger(rules)
    for event in events:
        ledger.keep([delivery(event)], NOW)
    return ledger


def endings(*events: Json) -> set[str]:
    """The fingerprints of all orders, each order told twice."""
    return {told(*order, *order).fingerprint for order in permutations(events)}


def told_in_every_order(*events: Json) -> MemoryLedger:
    """The one ending all orders have."""
    ledger = told(*events)
    assert endings(*events) == {ledger.fingerprint}
    return ledger


def the_row(ledger: MemoryLedger, table: str) -> Any:
    """The only row of a table."""
    (row,) = ledger.rows[table].values()
    return row


def may_use(ledger: MemoryLedger, on: float) -> bool:
    """Whether anything may be used, so many days after the start of the story."""
    return any(active(row, time(on)) for row in ledger.rows["entitlements"].values())  # type: ignore[arg-type]  # rows of this table
