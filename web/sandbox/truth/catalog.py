"""What is for sale: products and their prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Noun):
    """Something sold, under a name."""

    name: str
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Noun):
    """What one unit costs, in minor units; `interval` is None, 'month' or 'year'."""

    product: str
    currency: str
    unit_amount: int
    interval: str | None = None
    lookup_key: str | None = None
    nickname: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def add_product(
    truth: Truth, account: str, name: str, metadata: Mapping[str, str] | None = None
) -> Product:
    """A new product: `product.created`."""
    product = Product(
        id=truth.new_id("prod_"),
        account=account,
        created=truth.now,
        name=name,
        metadata=metadata or {},
    )
    return truth.add(product, "product.created")


def add_price(
    truth: Truth,
    product: Product,
    unit_amount: int,
    interval: str | None = None,
    lookup_key: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Price:
    """A new price in dollars' cents: `price.created`."""
    price = Price(
        id=truth.new_id("price_"),
        account=product.account,
        created=truth.now,
        product=product.id,
        currency="usd",
        unit_amount=unit_amount,
        interval=interval,
        lookup_key=lookup_key,
        nickname=f"Price for {product.name}",
        metadata=metadata or {},
    )
    return truth.add(price, "price.created")
