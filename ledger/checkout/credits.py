"""Sells credits in packages."""

from __future__ import annotations

from datetime import datetime

from ledger.checkout.registration import Person
from ledger.checkout.shop import Shop
from ledger.providers.outbound import OpenSession, PricePackage


def packages(shop: Shop) -> list[PricePackage]:
    raise NotImplementedError


def buy_credits(  # noqa: PLR0913 - a contract
    shop: Shop,
    person: Person,
    price_id: str,
    packages: int,
    return_url: str,
    hosted: bool,
    key: str,
    now: datetime,
) -> OpenSession:
    raise NotImplementedError
