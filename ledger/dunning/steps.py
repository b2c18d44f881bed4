"""The two commands of dunning: to the starter plan, and back to the plan that was held.

What is about to be done is recorded first, so that after a crash between any two steps the same is
asked again under the same key, and the plan that was held is never forgotten.
"""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.dunning import Dunning, HeldPlan
from ledger.aggregates.plan import Plan, StarterPlan
from ledger.aggregates.shopper import Order
from ledger.checkout.plans import (
    OVER,
    plan_for_sale,
    price_of,
    subject_of,
    subscribed,
    to_plan,
)
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.dunning.deciding import Unpaid
from ledger.providers.outbound import OpenSubscription, PlanChange

NEVER_BEGUN = ("incomplete", "incomplete_expired")
UNPAID = ("past_due", "unpaid")

NOT_THEIR_PLAN = "it bills no plan that is held now"
NOT_BEGUN = "the subscription was never begun"
PAID_MEANWHILE = "it was paid meanwhile"
NO_STARTER = "there is no starter plan"
STARTER_ALREADY = "it bills the starter plan itself"
CHANGED_SINCE = "another plan was chosen since"
NOTHING_LAPSED = "no plan ended because of it"
TIME_OVER = "the time that was paid for is over"
LEFT = "the subscription is over"


def to_starter(shop: Shop, user_id: str, unpaid: Unpaid, key: str, now: datetime) -> str | None:
    """Brings a user to the starter plan; says why, if there was nothing to be done.

    Raises NotOffered, Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> str | None:
        order, plan_id = at.shopper.plan, at.get(StarterPlan, StarterPlan.KEY).plan_id
        if order is None or order.provider_id is None:
            return NOT_THEIR_PLAN
        if plan_id is None:
            return NO_STARTER
        starter = plan_for_sale(at, plan_id)
        found = at.outbound.subscription(order.provider_id)
        why_not = _keeps(at, unpaid, order, found, starter)
        if why_not is not None:
            return _dropped(at, unpaid, why_not)
        _downgrade(at, unpaid, key, (order, found), starter)
        return None

    return visit(shop, user_id, now, work)


def _keeps(
    at: Visit, unpaid: Unpaid, order: Order, found: OpenSubscription, starter: Plan
) -> str | None:
    """Why the plan is not to end, if so."""
    held = at.get(Dunning, at.user_id).lapsed.get(unpaid.invoice_id)
    own = held is not None and found.price_id in (held.price_id, price_of(starter))
    if held is None and found.id != unpaid.subscription_id:
        return NOT_THEIR_PLAN
    if found.status in NEVER_BEGUN:
        return NOT_BEGUN
    if held is None and order.subject == subject_of(starter):
        return STARTER_ALREADY
    if held is not None and not own:
        return CHANGED_SINCE
    paid = found.status not in (*UNPAID, *OVER) and found.price_id != price_of(starter)
    return PAID_MEANWHILE if paid else None


def _downgrade(
    at: Visit, unpaid: Unpaid, key: str, held: tuple[Order, OpenSubscription], starter: Plan
) -> None:
    order, found = held
    dunning = at.get(Dunning, at.user_id)
    plan_id = order.subject.partition(":")[2]
    before = HeldPlan(plan_id, found.id, found.price_id, found.quantity)
    dunning.lapse(unpaid.invoice_id, before, at.why)
    at.store()
    if found.status in OVER:
        at.close(order, found.status)
        found = subscribed(at, subject_of(starter), to_plan(at, starter, 1, None), own=True)
    elif found.price_id != price_of(starter):
        change = PlanChange(found.id, price_of(starter), 1, prorated=False)
        found = at.outbound.change_plan(key, change)
        at.shopper.move(order, subject_of(starter), at.why)
    else:
        at.shopper.move(order, subject_of(starter), at.why)
    dunning.downgrade(unpaid.invoice_id, found.id, at.why)
    at.store()


def back(
    shop: Shop, user_id: str, unpaid: Unpaid, key: str, until: datetime, now: datetime
) -> str | None:
    """Gives a user the plan again they had, which is paid `until` then; says why not, if so.

    Nothing is billed before then. Raises Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> str | None:
        dunning, order = at.get(Dunning, at.user_id), at.shopper.plan
        held = dunning.lapsed.get(unpaid.invoice_id)
        if held is None:
            return NOTHING_LAPSED
        starter = at.get(StarterPlan, StarterPlan.KEY).plan_id
        if order is None or order.provider_id is None:
            return _dropped(at, unpaid, LEFT)
        if order.subject not in (f"plan:{starter}", f"plan:{held.plan_id}"):
            return _dropped(at, unpaid, CHANGED_SINCE)
        return _restored(at, unpaid, key, until, order)

    return visit(shop, user_id, now, work)


def _restored(at: Visit, unpaid: Unpaid, key: str, until: datetime, order: Order) -> str | None:
    dunning = at.get(Dunning, at.user_id)
    held = dunning.lapsed[unpaid.invoice_id]
    found = at.outbound.subscription(order.provider_id or "")
    if found.status in OVER:
        at.close(order, found.status)
        return _dropped(at, unpaid, LEFT)
    if found.price_id != held.price_id:
        if until <= at.now:
            return _dropped(at, unpaid, TIME_OVER)
        change = PlanChange(
            found.id, held.price_id, held.quantity, prorated=False, paid_until=until
        )
        found = at.outbound.change_plan(key, change)
    at.shopper.move(order, f"plan:{held.plan_id}", at.why)
    dunning.restore(unpaid.invoice_id, found.id, at.why)
    at.store()
    return None


def _dropped(at: Visit, unpaid: Unpaid, because: str) -> str:
    """Lets go of it in the books too, if it was begun."""
    at.get(Dunning, at.user_id).drop(unpaid.invoice_id, because, at.why)
    at.store()
    return because
