"""Changes the one subscription by which a user has their plan."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.offering import Offer
from ledger.aggregates.plan import Plan
from ledger.aggregates.shopper import Order
from ledger.aggregates.shopper_events import PlanChangeAsked
from ledger.checkout.plans import (
    abandon,
    alive,
    check_card,
    kept,
    own_plan_for_sale,
    plan_id_of,
    price_of,
    subject_of,
    subscribed,
    to_plan,
)
from ledger.checkout.refusals import AlreadySubscribed, BillUnpaid, CardNeeded, NotSubscribed
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.checkout.words import checked_quantity
from ledger.providers.outbound import OVER, UNPAID, OpenSubscription, PlanChange, Preview


def change_plan(
    shop: Shop,
    user_id: str,
    plan_id: str,
    quantity: int | None,
    card_id: str | None,
    now: datetime,
) -> OpenSubscription:
    """Brings the user to another plan, unused time prorated; with no plan yet, subscribes to it.

    Without a quantity it stays as it is, and is one of the starter plan. Who had cancelled goes on
    with the new plan. Raises NotOffered, InvalidQuantity, NotYours (the card), CardNeeded when it
    costs money and no card is saved, BillUnpaid when it costs more than what is not even paid yet,
    and AlreadySubscribed when the user has this plan beside their own. Also raises NotRegistered,
    Contended, StoreUnavailable and ProviderProblem; a declined card leaves everything as it was.
    """
    if quantity is not None:
        checked_quantity(quantity)

    def work(at: Visit) -> OpenSubscription:
        plan = own_plan_for_sale(at, plan_id)
        check_card(at, card_id)
        held = alive(at, at.shopper.plan)
        if held is not None and held[1].status == "incomplete":
            if (held[0].subject, held[1].quantity) == (subject_of(plan), quantity or 1):
                return held[1]
            abandon(at, *held)
            held = None
        if held is None:
            return _begin(at, plan, quantity or 1, card_id)
        return _changed(at, plan, quantity, card_id, *held)

    return visit(shop, user_id, now, work)


def preview_change(shop: Shop, user_id: str, plan_id: str, quantity: int | None) -> Preview:
    """What that change would cost now.

    Raises NotRegistered, NotOffered, NotSubscribed, BillUnpaid and ProviderProblem.
    """
    at = Visit(shop, user_id)
    _ = at.customer  # raises NotRegistered
    plan, order = own_plan_for_sale(at, plan_id), at.shopper.plan
    if order is None or order.provider_id is None:
        raise NotSubscribed(user_id)
    found = at.outbound.subscription(order.provider_id)
    if found.status in OVER:
        raise NotSubscribed(user_id)
    units = _units(plan, None if quantity is None else checked_quantity(quantity), found)
    _check_bill(at, plan, units, order, found)
    return at.outbound.preview_change(PlanChange(found.id, price_of(plan), units))


def _begin(at: Visit, plan: Plan, quantity: int, card_id: str | None) -> OpenSubscription:
    """The user's first plan, or the first after the last was over."""
    new = to_plan(at, plan, quantity, _card(at, plan, card_id))
    return subscribed(at, subject_of(plan), new, own=True)


def _changed(
    at: Visit,
    plan: Plan,
    quantity: int | None,
    card_id: str | None,
    order: Order,
    found: OpenSubscription,
) -> OpenSubscription:
    """The same subscription, with another price or quantity."""
    beside = at.shopper.order(subject_of(plan))
    other = alive(at, beside) if beside is not None and beside.id != order.id else None
    if other is not None:
        raise AlreadySubscribed(subject_of(plan), other[1].id)
    subject, units = f"change:{found.id}", _units(plan, quantity, found)
    if (found.price_id, found.quantity) == (price_of(plan), units):
        at.done(subject)
    else:
        _check_bill(at, plan, units, order, found)
        change = PlanChange(found.id, price_of(plan), units, _card(at, plan, card_id))
        found = at.errand(
            PlanChangeAsked, subject, change, lambda key: at.outbound.change_plan(key, change)
        )
    at.shopper.move(order, subject_of(plan), at.why)
    at.store()
    waits = found.price_id != price_of(plan)  # for its payment in the page
    return found if waits or found.cancel_at is None else kept(at, found)


def _check_bill(at: Visit, plan: Plan, units: int, order: Order, found: OpenSubscription) -> None:
    """Raises BillUnpaid, unless what is wanted is known to cost no more than what is held.

    Where the interval is another, the provider bills all of a new one at once.
    """
    held = at.get(Plan, plan_id_of(order))
    known = held.offer if held.price_id == found.price_id else None
    same_interval = known is None or plan.offer is None or known.interval == plan.offer.interval
    is_dearer = _cost(plan.offer, units) > _cost(known, found.quantity)
    if found.status in UNPAID and same_interval and is_dearer:
        raise BillUnpaid(found.id)


def _cost(offer: Offer | None, units: int) -> int:
    """Of one interval, in minor units; of what is not known, nothing."""
    return offer.price.minor * units if offer and offer.price else 0


def _units(plan: Plan, quantity: int | None, found: OpenSubscription) -> int:
    """How many there are to be: of what is free, one, or it would be many when it costs again."""
    starts = plan.offer is not None and plan.offer.starter
    return quantity or (1 if starts else found.quantity)


def _card(at: Visit, plan: Plan, card_id: str | None) -> str | None:
    """The card that pays for a plan: the one named, else the default one. Raises CardNeeded."""
    price = plan.offer.price if plan.offer else None
    if card_id is not None or price is None or price.minor == 0:
        return card_id
    saved = at.outbound.cards(at.customer)
    if not saved:
        raise CardNeeded(at.user_id)
    return saved[0].id
