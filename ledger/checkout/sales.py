"""Sells learning paths and group memberships for good."""

from __future__ import annotations

from datetime import datetime

from ledger.checkout.shop import Shop
from ledger.providers.outbound import OpenPayment


def buy_learning_path(
    shop: Shop, user_id: str, learning_path_id: str, now: datetime
) -> OpenPayment:
    raise NotImplementedError


def buy_group(shop: Shop, user_id: str, group_id: str, now: datetime) -> OpenPayment | None:
    raise NotImplementedError
