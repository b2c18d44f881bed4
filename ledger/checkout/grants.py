"""Grants access by hand."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.checkout.shop import Shop


class HandGrant(msgspec.Struct, frozen=True):
    """Features a person gives a user, until when (None: for good), and why."""

    grant_id: str
    user_id: str
    features: tuple[str, ...]
    until: datetime | None
    reason: str


def grant_access(shop: Shop, grant: HandGrant, now: datetime) -> None:
    raise NotImplementedError


def withdraw_access(shop: Shop, user_id: str, grant_id: str, now: datetime) -> None:
    raise NotImplementedError
