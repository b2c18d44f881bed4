"""What is for sale: an entry of the catalog, and what the provider has for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ledger.aggregates.aggregate import Aggregate
from ledger.event import EPOCH, Cause, Event
from ledger.money import Money
from ledger.providers.outbound import Interval, NewPrice, NewProduct, Words


class Sold(msgspec.Struct, frozen=True):
    """What the provider has to have of an offer that is subscribed to."""

    product: NewProduct
    nickname: str
    metadata: Mapping[str, str]
    """Of the price."""


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of the catalog as it stands; `destination` is the account it is paid out to.

    What is `beside` is subscribed to beside one's plan, and never takes its place.
    """

    name: str
    price: Money | None = None
    interval: Interval | None = None
    premium: str | None = None
    destination: str | None = None
    features: tuple[str, ...] = ()
    starter: bool = False
    sold: Sold | None = None
    beside: bool = False


class Priced(msgspec.Struct, frozen=True):
    """What a price was made for: it cannot be changed, only followed by another."""

    amount: Money
    interval: Interval | None
    metadata: Mapping[str, str]


class Offered(Event, frozen=True):
    """The offer, whole, new or changed."""

    TOPIC = "Offering.Offered"
    offer: Offer


class ProductMade(Event, frozen=True):
    """The provider has a product for it."""

    TOPIC = "Offering.ProductMade"
    product_id: str


class PriceMade(Event, frozen=True):
    """The provider has a price for it, which new buyers pay."""

    TOPIC = "Offering.PriceMade"
    price_id: str
    priced: Priced


class Renamed(Event, frozen=True):
    """The provider's product and price are called this from now on."""

    TOPIC = "Offering.Renamed"
    words: Words


EVENTS = (Offered, ProductMade, PriceMade, Renamed)


class Offering(Aggregate):
    """One thing that is for sale."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.EVOLVERS = {
            Offered: Offering._offered,
            ProductMade: Offering._product_made,
            PriceMade: Offering._price_made,
            Renamed: Offering._renamed,
        }

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.offer: Offer | None = None
        self.offered_at: datetime = EPOCH
        self.product_id: str | None = None
        self.price_id: str | None = None
        self._priced: Priced | None = None
        self._words: Words | None = None

    # ---- decide ----

    def put(self, offer: Offer, why: Cause) -> None:
        """Takes over how the offer stands; the same again is nothing new."""
        if offer != self.offer:
            self.trigger_event(Offered(offer=offer), why)

    def product_made(self, product_id: str, why: Cause) -> None:
        """Takes over which product the provider has made."""
        if self.product_id is None:
            self.trigger_event(ProductMade(product_id=product_id), why)

    def price_made(self, price_id: str, priced: Priced, why: Cause) -> None:
        """Takes over which price the provider has made."""
        if priced != self._priced:
            self.trigger_event(PriceMade(price_id=price_id, priced=priced), why)

    def renamed(self, words: Words, why: Cause) -> None:
        """Takes over what the provider calls it."""
        if words != self._words:
            self.trigger_event(Renamed(words=words), why)

    # ---- what is known ----

    @property
    def missing_product(self) -> NewProduct | None:
        """The product the provider has yet to make."""
        sold = self.offer.sold if self.offer else None
        return sold.product if sold and self.product_id is None else None

    @property
    def missing_price(self) -> NewPrice | None:
        """The price the provider has yet to make, once there is a product."""
        offer, priced = self.offer, self.wanted
        if offer is None or offer.sold is None or priced is None or self.product_id is None:
            return None
        if priced == self._priced:
            return None
        return NewPrice(
            product_id=self.product_id,
            amount=priced.amount,
            interval=priced.interval,
            nickname=offer.sold.nickname,
            metadata=priced.metadata,
        )

    @property
    def missing_words(self) -> Words | None:
        """What the provider has yet to call it, once it has all of it."""
        words = self._named
        whole = self.product_id is not None and self.missing_price is None
        return words if whole and words != self._words else None

    @property
    def _named(self) -> Words | None:
        sold = self.offer.sold if self.offer else None
        if sold is None:
            return None
        return Words(sold.product.name, sold.product.description, sold.nickname)

    @property
    def wanted(self) -> Priced | None:
        """What the price has to be made for."""
        offer = self.offer
        if offer is None or offer.sold is None or offer.price is None:
            return None
        return Priced(offer.price, offer.interval, offer.sold.metadata)

    # ---- evolve ----

    def _offered(self, event: Offered) -> None:
        self.offer, self.offered_at = event.offer, event.recorded_at

    def _product_made(self, event: ProductMade) -> None:
        self.product_id, self._words = event.product_id, self._named

    def _price_made(self, event: PriceMade) -> None:
        self.price_id, self._priced = event.price_id, event.priced
        if self._words and self._named:
            self._words = msgspec.structs.replace(self._words, nickname=self._named.nickname)

    def _renamed(self, event: Renamed) -> None:
        self._words = event.words
