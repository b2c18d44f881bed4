"""Subscribes to plans and groups, changes plans, cancels, and takes that back.

All commands raise NotRegistered, Contended, StoreUnavailable and ProviderProblem besides what they
name; a declined card (CardDeclined) leaves everything as it was.
"""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.group import Group
from ledger.aggregates.plan import Plan
from ledger.aggregates.shopper_events import CancelAsked
from ledger.aggregates.subscription import Subscription
from ledger.checkout.catalog import for_sale
from ledger.checkout.plan_changes import change_plan, preview_change
from ledger.checkout.plans import (
    alive,
    check_card,
    ending,
    kept,
    price_of,
    subject_of,
    subscribed,
    to_plan,
)
from ledger.checkout.refusals import NotOffered, NotSubscribed, NotYours
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.checkout.words import checked_id, checked_quantity
from ledger.providers.outbound import OVER, Destination, NewSubscription, OpenSubscription

__all__ = ["cancel", "change_plan", "preview_change", "resume", "subscribe", "subscribe_group"]


def subscribe(
    shop: Shop, user_id: str, plan_id: str, quantity: int, card_id: str | None, now: datetime
) -> OpenSubscription:
    """The user's one subscription to a plan; without a card its first bill is paid in the page.

    Raises NotOffered, NotYours (the card), InvalidQuantity and AlreadySubscribed.
    """
    checked_quantity(quantity)

    def work(at: Visit) -> OpenSubscription:
        plan, offer = for_sale(at, Plan, plan_id)
        new = to_plan(at, plan, quantity, card_id)
        check_card(at, card_id)
        first = at.shopper.order(subject_of(plan)) is None and alive(at, at.shopper.plan) is None
        return subscribed(at, subject_of(plan), new, own=first and not offer.beside)

    return visit(shop, user_id, now, work)


def subscribe_group(  # noqa: PLR0913, PLR0917 - who, what, how much and by what are all needed
    shop: Shop,
    user_id: str,
    group_id: str,
    cart_id: str,
    quantity: int,
    card_id: str | None,
    now: datetime,
) -> OpenSubscription:
    """The user's one subscription to a group; `cart_id` is the registration it pays for.

    Raises NotOffered, NotYours (the card), InvalidTerms, InvalidQuantity and AlreadySubscribed.
    """
    checked_quantity(quantity)
    checked_id("cart_id", cart_id)

    def work(at: Visit) -> OpenSubscription:
        group, offer = for_sale(at, Group, group_id)
        if offer.premium != "recurring":
            raise NotOffered("group", group_id)
        new = NewSubscription(
            at.customer,
            price_of(group),
            quantity,
            {**at.metadata, "group_id": group_id, "cart_id": cart_id},
            card_id,
            destination=Destination(offer.destination) if offer.destination else None,
        )
        check_card(at, card_id)
        return subscribed(at, subject_of(group), new, own=False)

    return visit(shop, user_id, now, work)


def cancel(
    shop: Shop, user_id: str, subscription_id: str, at_period_end: bool, now: datetime
) -> OpenSubscription:
    """Ends a subscription, now or when what was paid for is over; once over, it stays so.

    Raises NotYours.
    """

    def work(at: Visit) -> OpenSubscription:
        found = own(at, subscription_id)
        order = at.shopper.order_of(subscription_id)
        ends_already = at_period_end and found.cancel_at is not None
        if found.status in OVER or ends_already:
            at.done(ending(subscription_id))
        else:
            found = at.errand(
                CancelAsked,
                ending(subscription_id),
                at_period_end,
                lambda key: at.outbound.cancel(key, subscription_id, at_period_end),
            )
        if order is not None and found.status in OVER:
            at.close(order, found.status)
        return found

    return visit(shop, user_id, now, work)


def resume(shop: Shop, user_id: str, subscription_id: str, now: datetime) -> OpenSubscription:
    """Takes a cancellation back that has not come to pass.

    Raises NotYours, and NotSubscribed when it has.
    """

    def work(at: Visit) -> OpenSubscription:
        found = own(at, subscription_id)
        if found.status in OVER:
            raise NotSubscribed(user_id)
        if found.cancel_at is None:
            at.done(ending(subscription_id))
            return found
        return kept(at, found)

    return visit(shop, user_id, now, work)


def own(at: Visit, subscription_id: str) -> OpenSubscription:
    """A subscription of the user's own, however it came about. Raises NotYours."""
    if subscription_id not in at.shopper.provider_ids:
        known = at.get(Subscription, checked_id("subscription_id", subscription_id))
        if known.customer_id != at.user_id:
            raise NotYours(at.user_id, subscription_id)
    return at.outbound.subscription(subscription_id)
