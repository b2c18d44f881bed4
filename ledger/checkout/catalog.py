"""What is for sale."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ledger.checkout.shop import Shop
from ledger.money import Money
from ledger.providers.outbound import Interval

Premium = Literal["free", "one_time", "recurring"]


class LearningPathTerms(msgspec.Struct, frozen=True):
    """A learning path; without a price it is free. `destination` is a connected account."""

    learning_path_id: str
    name: str
    price: Money | None = None
    destination: str | None = None


class GroupTerms(msgspec.Struct, frozen=True):
    """A group and how its membership is paid: never, once, or each `interval`."""

    group_id: str
    name: str
    premium: Premium
    price: Money | None = None
    interval: Interval | None = None
    destination: str | None = None


class PlanTerms(msgspec.Struct, frozen=True):
    """Something to subscribe to.

    It gives the feature `plan:{plan_id}`, and `features` besides. The `starter` is what users have
    who chose nothing else.
    """

    plan_id: str
    name: str
    price: Money
    interval: Interval
    features: tuple[str, ...] = ()
    starter: bool = False


class OfferedGroup(msgspec.Struct, frozen=True):
    """What the provider has for a group: something only where membership recurs."""

    product_id: str | None
    price_id: str | None


class OfferedPlan(msgspec.Struct, frozen=True):
    """What the provider has for a plan."""

    product_id: str
    price_id: str


def offer_learning_path(shop: Shop, terms: LearningPathTerms, now: datetime) -> None:
    raise NotImplementedError


def offer_group(shop: Shop, terms: GroupTerms, now: datetime) -> OfferedGroup:
    raise NotImplementedError


def offer_plan(shop: Shop, terms: PlanTerms, now: datetime) -> OfferedPlan:
    raise NotImplementedError
