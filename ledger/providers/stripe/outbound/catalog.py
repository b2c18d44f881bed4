"""Products, prices, and prices of several units at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from ledger.money import Money
from ledger.providers.outbound import NewPrice, NewProduct, PricePackage, Words
from ledger.providers.stripe.outbound.asking import Asking, Id

if TYPE_CHECKING:
    from stripe.params import (
        PriceCreateParams,
        PriceUpdateParams,
        ProductCreateParams,
        ProductUpdateParams,
    )

UNITS = "units"  # metadata of a price that is a package without Stripe knowing


class Catalog(Asking):
    """`Outbound`: what is sold."""

    def create_product(self, key: str, new: NewProduct) -> str:
        """The provider's id of a new product."""
        wanted: ProductCreateParams = {
            "name": new.name,
            "description": new.description,
            "metadata": dict(new.metadata),
        }
        return self._ask(Id, self._v1.products.create, wanted, key=key).id

    def create_price(self, key: str, new: NewPrice) -> str:
        """The provider's id of a new price; it takes its lookup key over from an older one."""
        wanted: PriceCreateParams = {
            "product": new.product_id,
            "currency": new.amount.currency,
            "unit_amount": new.amount.minor,
            "nickname": new.nickname,
            "metadata": dict(new.metadata),
        }
        if new.interval is not None:
            wanted["recurring"] = {"interval": new.interval}
        if new.lookup_key is not None:
            wanted.update({"lookup_key": new.lookup_key, "transfer_lookup_key": True})
        return self._ask(Id, self._v1.prices.create, wanted, key=key).id

    def rename(self, key: str, product_id: str, price_id: str, words: Words) -> None:
        """Calls a product and its price otherwise."""
        product: ProductUpdateParams = {"name": words.name, "description": words.description}
        self._ask(Id, self._v1.products.update, product_id, product, key=key)
        price: PriceUpdateParams = {"nickname": words.nickname}
        self._ask(Id, self._v1.prices.update, price_id, price, key=f"{key}:price")

    def packages(self, product_id: str) -> list[PricePackage]:
        """The active package prices of a product, the cheapest first."""
        prices = self._all(
            Price, self._v1.prices.list, product=product_id, active=True, type="one_time"
        )
        found = [each for price in prices if (each := price.as_package()) is not None]
        return sorted(found, key=lambda each: (each.amount, each.price_id))


class _Transform(msgspec.Struct, frozen=True):
    divide_by: Annotated[int, msgspec.Meta(ge=1)]


class Price(msgspec.Struct, frozen=True):
    """A price as far as packages go; without `unit_amount` it is priced in a way of its own."""

    id: str
    currency: str
    unit_amount: int | None = None
    nickname: str | None = None
    metadata: dict[str, str] = {}
    transform_quantity: _Transform | None = None

    @property
    def package_units(self) -> int:
        """How many units are paid for at once; 1 for a price that is no package."""
        return self._package_units() or 1

    def as_package(self) -> PricePackage | None:
        """The package it is a price of, if it is one."""
        units = self._package_units()
        if units is None or self.unit_amount is None:
            return None
        amount = Money(self.unit_amount, self.currency)
        return PricePackage(self.id, amount, units, self.nickname or "")

    def _package_units(self) -> int | None:
        if self.transform_quantity is not None:
            return self.transform_quantity.divide_by
        said = self.metadata.get(UNITS, "")
        return int(said) if re.fullmatch(r"[1-9][0-9]{0,8}", said) else None
