"""A user's subscriptions at the provider, as commands find, open and replace them.

One subscription is the user's own plan, in place of any other: the one they were registered with
or changed to, or, while there is none, the first they subscribed to. Others stand beside it.
"""

from __future__ import annotations

from msgspec.structs import replace

from ledger.aggregates.offering import Offering
from ledger.aggregates.plan import Plan
from ledger.aggregates.shopper import Order
from ledger.aggregates.shopper_events import CancelAsked, ResumeAsked, SubscriptionAsked
from ledger.checkout.catalog import for_sale
from ledger.checkout.refusals import AlreadySubscribed, NotOffered, NotYours
from ledger.checkout.visit import Try, Visit
from ledger.ids import parse_stream
from ledger.providers.outbound import OVER, NewSubscription, OpenSubscription

Held = tuple[Order, OpenSubscription]


def plan_for_sale(at: Try, plan_id: str) -> Plan:
    """A plan of the catalog. Raises NotOffered."""
    return for_sale(at, Plan, plan_id)[0]


def own_plan_for_sale(at: Try, plan_id: str) -> Plan:
    """A plan that can be a user's own. Raises NotOffered for what stands beside one."""
    plan, offer = for_sale(at, Plan, plan_id)
    if offer.beside:
        raise NotOffered("plan", plan_id)
    return plan


def price_of(offering: Offering) -> str:
    """The price new subscribers pay. Raises NotOffered while the provider has none."""
    if offering.price_id is None or offering.missing_price is not None:
        raise NotOffered(offering.CATEGORY, parse_stream(offering.id).key)
    return offering.price_id


def subject_of(plan: Offering) -> str:
    """What an order for this plan is about."""
    return f"{plan.CATEGORY}:{parse_stream(plan.id).key}"


def plan_id_of(order: Order) -> str:
    """The id of the plan an order is about."""
    return order.subject.partition(":")[2]


def opened(at: Visit, order: Order) -> OpenSubscription:
    """The subscription of an order as the provider has it now, asked for if it was not yet."""
    if order.provider_id is not None:
        return at.outbound.subscription(order.provider_id)
    found = at.ask(order, lambda: at.outbound.subscribe(order.key, order.new))
    at.opened(order, found.id)
    return found


def alive(at: Visit, order: Order | None) -> Held | None:
    """An order and its subscription, if that is not over; else the order is closed."""
    if order is None:
        return None
    found = opened(at, order)
    if found.status in OVER:
        at.close(order, found.status)
        return None
    return order, found


def subscribed(at: Visit, subject: str, new: NewSubscription, own: bool) -> OpenSubscription:
    """The one subscription for a subject; `own` says that it is to be the user's own plan.

    Raises AlreadySubscribed when it is another than `new`, and paid for.
    """
    held = alive(at, at.shopper.order(subject))
    if held is not None:
        order, found = held
        if (found.quantity, _cart(order.new)) == (new.quantity, _cart(new)):
            return found
        if found.status != "incomplete":
            raise AlreadySubscribed(subject, found.id)
        abandon(at, order, found)
    asked = replace(new, metadata={**new.metadata, "slot": "plan"}) if own else new
    order = at.order(SubscriptionAsked, subject, asked, slot=own)
    return opened(at, order)


def abandon(at: Visit, order: Order, found: OpenSubscription) -> None:
    """Gives up a subscription whose first bill was never paid."""
    at.errand(
        CancelAsked,
        ending(found.id),
        False,
        lambda key: at.outbound.cancel(key, found.id, at_period_end=False),
    )
    at.close(order, "given up")


def start_plan(at: Visit, plan: Plan) -> OpenSubscription:
    """The subscription by which a new user has their plan."""
    return subscribed(at, subject_of(plan), to_plan(at, plan, 1, None), own=True)


def to_plan(at: Visit, plan: Plan, quantity: int, card_id: str | None) -> NewSubscription:
    """What a subscription to a plan asks for."""
    return NewSubscription(at.customer, price_of(plan), quantity, at.metadata, card_id)


def check_card(at: Visit, card_id: str | None) -> None:
    """Raises NotYours for a card the user has not saved."""
    if card_id is not None:
        saved = {each.id for each in at.outbound.cards(at.customer)}
        if card_id not in saved:
            raise NotYours(at.user_id, card_id)


def kept(at: Visit, found: OpenSubscription) -> OpenSubscription:
    """The subscription, going on where it was to end."""
    return at.errand(
        ResumeAsked, ending(found.id), found.id, lambda key: at.outbound.resume(key, found.id)
    )


def ending(subscription_id: str) -> str:
    """What an errand is about that cancels a subscription, or takes that back."""
    return f"end:{subscription_id}"


def _cart(new: NewSubscription) -> str | None:
    return new.metadata.get("cart_id")
