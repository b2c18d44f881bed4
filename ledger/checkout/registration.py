"""Registers users with the provider."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.checkout.shop import Shop


class Person(msgspec.Struct, frozen=True):
    """A user of the application; `user_id` is the application's own."""

    user_id: str
    email: str | None = None
    name: str | None = None


class Registered(msgspec.Struct, frozen=True):
    """Who the user is to the provider, and their free plan if there is one."""

    provider_customer_id: str
    starter_subscription_id: str | None


def register(shop: Shop, person: Person, now: datetime) -> Registered:
    raise NotImplementedError
