"""Deliveries we fetched ourselves: no signature, but a header that says from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from ledger.delivery import Delivery
from ledger.providers.stripe.receiver import envelope

BACKFILLED_FROM = "Backfilled-From"
FETCHED_FROM = "Fetched-From"
"""Headers in place of a signature: Stripe's API was asked with our key instead."""


def fetched(body: bytes, account: str, now: datetime, headers: Mapping[str, str]) -> Delivery:
    """An event of `account` as a delivery, under the same id as when it is posted.

    Asked in the name of an account, Stripe need not repeat it in the event. Raises NotADelivery.
    """
    read = envelope(body)
    return Delivery(replace(read, account=read.account or account), now, dict(headers), body)
