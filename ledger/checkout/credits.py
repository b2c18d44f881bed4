"""Sells credits in packages, on the provider's own payment page."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.shopper import Order
from ledger.aggregates.shopper_events import SessionAsked
from ledger.checkout.refusals import KeyTaken, NotOffered
from ledger.checkout.registration import Person, enrolled
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.checkout.words import checked_id, checked_quantity
from ledger.providers.outbound import NewSession, OpenSession, PricePackage


def packages(shop: Shop) -> list[PricePackage]:
    """The packages of credits on sale, the cheapest first. Raises ProviderProblem."""
    product_id = shop.brand.credits_product_id
    return shop.outbound.packages(product_id) if product_id else []


def buy_credits(  # noqa: PLR0913, PLR0917 - who, what, how many, and where it is paid
    shop: Shop,
    person: Person,
    price_id: str,
    packages: int,
    return_url: str,
    hosted: bool,
    key: str,
    now: datetime,
) -> OpenSession:
    """A visit to the payment page for so many packages; once for each `key` of the caller's.

    Raises NotOffered, InvalidQuantity, InvalidTerms, KeyTaken when the key stands for another
    visit, Contended, StoreUnavailable and ProviderProblem.
    """
    checked_quantity(packages)
    subject = f"credits:{checked_id('key', key)}"

    def work(at: Visit) -> OpenSession:
        units = _package(shop, price_id).units * packages
        new = NewSession(
            provider_customer_id=enrolled(at, person),
            price_id=price_id,
            units=units,
            metadata={**at.metadata, "credits": str(units)},
            client_reference_id=at.user_id,
            return_url=return_url,
            hosted=hosted,
        )
        order = at.order(SessionAsked, subject, new)
        if order.new != new:
            raise KeyTaken(key)
        return _opened(at, order)

    return visit(shop, person.user_id, now, work)


def _package(shop: Shop, price_id: str) -> PricePackage:
    found = (each for each in packages(shop) if each.price_id == price_id)
    package = next(found, None)
    if package is None:
        raise NotOffered("package", price_id)
    return package


def _opened(at: Visit, order: Order) -> OpenSession:
    if order.provider_id is not None:
        return at.outbound.session(order.provider_id)
    found = at.ask(order, lambda: at.outbound.open_session(order.key, order.new))
    at.opened(order, found.id)
    return found
