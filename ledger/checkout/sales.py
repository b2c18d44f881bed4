"""Sells learning paths and group memberships for good.

A payment only asks for money: what it gives is given when the provider's webhook says it was made.
"""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.group import Group
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.offering import Offer
from ledger.checkout import descriptions
from ledger.checkout.catalog import for_sale
from ledger.checkout.grants import HandGrant, given
from ledger.checkout.payments import payment_for
from ledger.checkout.refusals import NotOffered
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.money import Money
from ledger.providers.outbound import Destination, NewPayment, OpenPayment


def buy_learning_path(
    shop: Shop, user_id: str, learning_path_id: str, now: datetime
) -> OpenPayment:
    """The open payment by which a user buys a learning path.

    Raises NotOffered, AlreadyBought, NotRegistered, Contended, StoreUnavailable and
    ProviderProblem.
    """

    def work(at: Visit) -> OpenPayment:
        _, offer = for_sale(at, LearningPath, learning_path_id)
        if offer.price is None:
            raise NotOffered("learning path", learning_path_id)
        text = descriptions.learning_path(shop.brand, learning_path_id, offer.name)
        bought = {"learning_path_id": learning_path_id}
        new = _payment(at, offer, offer.price, text, bought)
        return payment_for(at, f"learning_path:{learning_path_id}", new)

    return visit(shop, user_id, now, work)


def buy_group(shop: Shop, user_id: str, group_id: str, now: datetime) -> OpenPayment | None:
    """The open payment by which a user joins a group; None for a free group, joined at once.

    Raises NotOffered where membership recurs, and as `buy_learning_path`.
    """

    def work(at: Visit) -> OpenPayment | None:
        _, offer = for_sale(at, Group, group_id)
        if offer.premium == "recurring":
            raise NotOffered("group", group_id)
        if offer.price is None:
            _join(at, group_id)
            return None
        text = descriptions.group(shop.brand, group_id, offer.name)
        new = _payment(at, offer, offer.price, text, {"group_id": group_id})
        return payment_for(at, f"group:{group_id}", new)

    return visit(shop, user_id, now, work)


def _payment(
    at: Visit, offer: Offer, price: Money, text: str, bought: dict[str, str]
) -> NewPayment:
    destination = Destination(offer.destination) if offer.destination else None
    return NewPayment(at.customer, price, text, {**at.metadata, **bought}, destination)


def _join(at: Visit, group_id: str) -> None:
    """What is free is granted without money."""
    feature = f"group:{group_id}"
    given(at, HandGrant(f"{feature}/{at.user_id}", at.user_id, (feature,), None, "a free group"))
    at.store()
