"""What a person may still spend, so that no story spends credits it does not have."""

from __future__ import annotations

from collections.abc import Iterable

from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.world import Truth


def credits_left(truth: Truth, packs: Iterable[Session]) -> int:
    """Credits paid for and not taken back, before any were spent; never too many."""
    return sum(_left(truth, truth.fresh(pack)) for pack in packs)


def _left(truth: Truth, pack: Session) -> int:
    bought = int(pack.metadata["credits"]) if pack.paid_at is not None else 0
    if pack.intent is None or bought == 0:
        return bought
    charge = truth.get(Charge, truth.get(Intent, pack.intent).latest_charge or "")
    gone = charge.amount if charge.disputed else charge.amount_refunded
    return bought - -(-bought * gone // charge.amount)
