"""Subscribes to plans and groups."""

from __future__ import annotations

from datetime import datetime

from ledger.checkout.shop import Shop
from ledger.providers.outbound import OpenSubscription, Preview


def subscribe(
    shop: Shop, user_id: str, plan_id: str, quantity: int, card_id: str | None, now: datetime
) -> OpenSubscription:
    raise NotImplementedError


def subscribe_group(  # noqa: PLR0913 - a contract
    shop: Shop,
    user_id: str,
    group_id: str,
    cart_id: str,
    quantity: int,
    card_id: str | None,
    now: datetime,
) -> OpenSubscription:
    raise NotImplementedError


def change_plan(
    shop: Shop,
    user_id: str,
    plan_id: str,
    quantity: int | None,
    card_id: str | None,
    now: datetime,
) -> OpenSubscription:
    raise NotImplementedError


def preview_change(shop: Shop, user_id: str, plan_id: str, quantity: int | None) -> Preview:
    raise NotImplementedError


def cancel(
    shop: Shop, user_id: str, subscription_id: str, at_period_end: bool, now: datetime
) -> OpenSubscription:
    raise NotImplementedError


def resume(shop: Shop, user_id: str, subscription_id: str, now: datetime) -> OpenSubscription:
    raise NotImplementedError
