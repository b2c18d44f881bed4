"""What is put up for sale, in words."""

from __future__ import annotations

from ledger.aggregates import offering, plan
from ledger.event import Event
from ledger.ids import parse_stream
from replay.sentences.words import Sentences


def what(event: Event) -> str:
    stream = parse_stream(event.originator_id)
    return f"{stream.category.replace('_', ' ')} {stream.key}"


def offered(event: offering.Offered) -> str:
    offer = event.offer
    each = f" each {offer.interval}" if offer.interval else ""
    price = f"{offer.price}{each}" if offer.price else "nothing"
    return f"{what(event)}, {offer.name!r}, is offered for {price}"


def priced(event: offering.PriceMade) -> str:
    return f"the provider has price {event.price_id} of {event.priced.amount} for {what(event)}"


def starter(event: plan.StarterChosen) -> str:
    chosen = f"plan {event.plan_id}" if event.plan_id else "no plan"
    return f"{chosen} is what new users have"


CATALOG: Sentences = {
    offering.Offered: offered,
    offering.ProductMade: lambda e: f"the provider has product {e.product_id} for {what(e)}",
    offering.PriceMade: priced,
    offering.Renamed: lambda e: f"the provider calls {what(e)} {e.words.name!r}",
    plan.StarterChosen: starter,
}
