"""What a delivery says of what is still to come, and may come otherwise."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.money import Money
from ledger.snapshots import Snapshot


class NextBill(msgspec.Struct, frozen=True):
    """What the provider means to ask for when the period of a subscription is over at `at`.

    It is what is due with taxes, discounts, use so far and the customer's balance taken in, as of
    when it was said.
    """

    at: datetime
    due: Money


class NextBillObserved(msgspec.Struct, frozen=True):
    """What a subscription is going to be billed next."""

    subscription_id: str
    snapshot: Snapshot[NextBill]
