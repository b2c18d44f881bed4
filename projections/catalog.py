"""What is for sale, and what the provider has for it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.aggregates.offering import Offered, PriceMade, ProductMade
from projections.common import Account, Stream, place
from projections.projection import Projection
from projections.rows import Row


class CatalogEntry(Row, frozen=True):
    """One learning path, group or plan as it is offered now."""

    stream: Stream
    kind: Annotated[str, Meta(description="learning_path, group or plan.")]
    offering_id: Annotated[str, Meta(description="The application's own id of it.")]
    account: Account
    name: Annotated[str | None, Meta(description="Its name.")] = None
    premium: Annotated[
        str | None, Meta(description="How a group is paid: free, one_time or recurring.")
    ] = None
    amount_minor: Annotated[int | None, Meta(description="Its price; NULL: it costs nothing.")] = (
        None
    )
    currency: Annotated[
        str | None,
        Meta(description="ISO 4217 code in lower case; amounts are in its minor units."),
    ] = None
    billed_each: Annotated[
        str | None, Meta(description="How often it is paid: day, week, month, year; NULL: once.")
    ] = None
    features: Annotated[
        tuple[str, ...], Meta(description="What it gives besides the feature named after it.")
    ] = ()
    starter: Annotated[bool, Meta(description="It is offered as what users start with.")] = False
    destination: Annotated[
        str | None, Meta(description="The connected account its payments are passed on to.")
    ] = None
    product_id: Annotated[
        str | None, Meta(description="The provider's product, where it is subscribed to.")
    ] = None
    price_id: Annotated[
        str | None, Meta(description="The provider's price that new subscribers pay.")
    ] = None
    beside: Annotated[
        bool, Meta(description="It is subscribed to beside one's plan, never in its place.")
    ] = False


def offered(row: CatalogEntry | None, event: Offered) -> CatalogEntry:
    """The offer as it stands."""
    offer = event.offer
    return replace(
        row or _unseen(event.originator_id),
        name=offer.name,
        premium=offer.premium,
        amount_minor=offer.price.minor if offer.price else None,
        currency=offer.price.currency if offer.price else None,
        billed_each=offer.interval,
        features=offer.features,
        starter=offer.starter,
        destination=offer.destination,
        beside=offer.beside,
    )


def product_made(row: CatalogEntry | None, event: ProductMade) -> CatalogEntry:
    """The provider has a product for it."""
    return replace(row or _unseen(event.originator_id), product_id=event.product_id)


def price_made(row: CatalogEntry | None, event: PriceMade) -> CatalogEntry:
    """The provider has a price for it."""
    return replace(row or _unseen(event.originator_id), price_id=event.price_id)


def _unseen(stream: str) -> CatalogEntry:
    kind, account, key = place(stream)
    return CatalogEntry(stream, kind, key, account)


CATALOG = Projection(
    name="catalog",
    comment="What is for sale. Key: account, kind, offering_id.",
    row=CatalogEntry,
    key=("stream",),
    folds={Offered: offered, ProductMade: product_made, PriceMade: price_made},
    indexes=(("offering_id",),),
)
