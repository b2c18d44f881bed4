"""What is for sale: the same offer again is nothing new, another is a change of it.

What is subscribed to has a product and a price at the provider, made once. A price cannot be
changed, so another amount makes another price, which new subscribers pay; another name is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from ledger.aggregates.group import Group
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.offering import Offer, Offering
from ledger.aggregates.plan import Plan, StarterPlan
from ledger.checkout import descriptions
from ledger.checkout.refusals import InvalidTerms, NotOffered
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Try, attempt
from ledger.checkout.words import checked_id, checked_text
from ledger.ids import request_key
from ledger.money import Money
from ledger.providers.outbound import Interval

O = TypeVar("O", bound=Offering)  # noqa: E741 - an offering

Premium = Literal["free", "one_time", "recurring"]


class LearningPathTerms(msgspec.Struct, frozen=True):
    """A learning path; without a price it is not sold. `destination` is a connected account."""

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
    who chose nothing else, and is free. What is `beside` is a product that is subscribed to beside
    one's plan, and never takes its place.
    """

    plan_id: str
    name: str
    price: Money
    interval: Interval
    features: tuple[str, ...] = ()
    starter: bool = False
    beside: bool = False


class OfferedGroup(msgspec.Struct, frozen=True):
    """What the provider has for a group: something only where membership recurs."""

    product_id: str | None
    price_id: str | None


class OfferedPlan(msgspec.Struct, frozen=True):
    """What the provider has for a plan."""

    product_id: str
    price_id: str


def offer_learning_path(shop: Shop, terms: LearningPathTerms, now: datetime) -> None:
    """Puts a learning path up for sale, or changes its terms.

    Raises InvalidTerms, Contended and StoreUnavailable.
    """
    _costs_something("learning path", terms.price)
    offer = Offer(checked_text("name", terms.name), terms.price, destination=terms.destination)
    key = checked_id("learning_path_id", terms.learning_path_id)
    attempt(shop, now, lambda at: _offered(at, LearningPath, key, offer))


def offer_group(shop: Shop, terms: GroupTerms, now: datetime) -> OfferedGroup:
    """Puts the membership of a group up for sale, or changes its terms.

    Raises InvalidTerms, Contended, StoreUnavailable and ProviderProblem.
    """
    _check_group(terms)
    recurs = terms.premium == "recurring"
    key, name = checked_id("group_id", terms.group_id), checked_text("name", terms.name)
    offer = Offer(
        name,
        terms.price,
        terms.interval,
        terms.premium,
        terms.destination,
        sold=descriptions.of_group(shop.brand, key, name) if recurs else None,
    )
    group = attempt(shop, now, lambda at: _offered(at, Group, key, offer))
    return OfferedGroup(group.product_id, group.price_id) if recurs else OfferedGroup(None, None)


def offer_plan(shop: Shop, terms: PlanTerms, now: datetime) -> OfferedPlan:
    """Puts a plan up for sale, or changes its terms; the starter offered last is the starter.

    Raises InvalidTerms, Contended, StoreUnavailable and ProviderProblem.
    """
    if terms.starter and terms.price.minor:
        raise InvalidTerms("plan", "the starter plan is free")
    if terms.starter and terms.beside:
        raise InvalidTerms("plan", "the starter is a plan of its own, not beside one")
    key, name = checked_id("plan_id", terms.plan_id), checked_text("name", terms.name)
    offer = Offer(
        name,
        terms.price,
        terms.interval,
        features=tuple(sorted(set(terms.features))),
        starter=terms.starter,
        sold=descriptions.of_plan(shop.brand, key, name, terms.features),
        beside=terms.beside,
    )

    def choose(at: Try) -> None:
        at.get(StarterPlan, StarterPlan.KEY).choose(key, terms.starter, at.why)

    plan = attempt(shop, now, lambda at: _offered(at, Plan, key, offer, choose))
    assert plan.product_id is not None
    assert plan.price_id is not None
    return OfferedPlan(plan.product_id, plan.price_id)


def for_sale(at: Try, kind: type[O], key: str) -> tuple[O, Offer]:
    """An entry of the catalog. Raises NotOffered."""
    found = at.get(kind, key)
    if found.offer is None:
        raise NotOffered(kind.CATEGORY.replace("_", " "), key)
    return found, found.offer


def _offered(
    at: Try, kind: type[O], key: str, offer: Offer, also: Callable[[Try], None] | None = None
) -> O:
    """The offering, recorded, with what the provider has to have of it."""
    offering = at.get(kind, key)
    offering.put(offer, at.why)
    if also:
        also(at)
    at.store()
    if product := offering.missing_product:
        asked = request_key(offering.id, "product", offering.offered_at)
        offering.product_made(at.outbound.create_product(asked, product), at.why)
        at.store()
    price, priced = offering.missing_price, offering.wanted
    if price and priced:
        asked = request_key(offering.id, "price", offering.offered_at)
        offering.price_made(at.outbound.create_price(asked, price), priced, at.why)
        at.store()
    _rename(at, offering)
    return offering


def _rename(at: Try, offering: Offering) -> None:
    """What has a product and price already is called there as it is called now."""
    words, product_id, price_id = offering.missing_words, offering.product_id, offering.price_id
    if words and product_id and price_id:
        asked = request_key(offering.id, "words", offering.offered_at)
        at.outbound.rename(asked, product_id, price_id, words)
        offering.renamed(words, at.why)
        at.store()


def _check_group(terms: GroupTerms) -> None:
    """Raises InvalidTerms where the premium type and the price do not fit."""
    if terms.premium == "free" and terms.price is not None:
        raise InvalidTerms("group", "a free group has no price")
    if terms.premium != "free" and terms.price is None:
        raise InvalidTerms("group", f"{terms.premium} membership needs a price")
    if (terms.premium == "recurring") != (terms.interval is not None):
        raise InvalidTerms("group", "recurring membership has an interval, and no other")
    _costs_something("group", terms.price)


def _costs_something(what: str, price: Money | None) -> None:
    if price is not None and price.minor == 0:
        raise InvalidTerms(what, "a price is above 0; leave it out for what is free")
