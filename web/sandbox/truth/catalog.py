"""What is for sale: products and their prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Noun):
    """Something sold, under a name; what is not `active` is sold no more."""

    name: str
    active: bool = True
    default_price: str | None = None
    updated: int | None = None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Noun):
    """What one unit costs, in minor units, or each package of `package` units; each
    `interval_count` of `interval` ('month', 'year'), or once if that is None."""

    product: str
    currency: str
    unit_amount: int
    interval: str | None = None
    interval_count: int = 1
    lookup_key: str | None = None
    nickname: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    package: int | None = None
    rounds: str = "up"

    def total(self, quantity: int) -> int:
        """What so many units cost, in minor units; a package that was begun counts by `rounds`."""
        if self.package is None:
            return self.unit_amount * quantity
        whole, rest = divmod(quantity, self.package)
        return self.unit_amount * (whole + (1 if rest and self.rounds == "up" else 0))


N = TypeVar("N", Product, Price)


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


def add(truth: Truth, noun: N) -> N:
    """A product or a price as it is given: `product.created` or `price.created`."""
    return truth.add(noun, f"{_word(noun)}.created")


def change(truth: Truth, noun: N, **changes: object) -> N:
    """Anything else of it: `product.updated` or `price.updated`."""
    return truth.change(noun, f"{_word(noun)}.updated", **changes)


def _word(noun: Product | Price) -> str:
    return "product" if isinstance(noun, Product) else "price"
