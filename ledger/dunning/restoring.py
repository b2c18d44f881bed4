"""Brings somebody who paid after all back to the plan they had."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from ledger.aggregates.dunning import Dunning, HeldPlan
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.plan import StarterPlan
from ledger.aggregates.shopper import Order
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.dunning.deciding import Unpaid
from ledger.dunning.reasons import (
    CHANGED_SINCE,
    DECLINED,
    LEAVING,
    LEFT,
    NOTHING_LAPSED,
    TIME_OVER,
    WAITS,
    dropped,
    why,
)
from ledger.providers.outbound import OVER, PlanChange
from ledger.providers.problems import CardDeclined


def back(
    shop: Shop, user_id: str, unpaid: Unpaid, key: str, until: datetime, now: datetime
) -> str | None:
    """Gives a user the plan again they had, which is paid `until` then; says why not, if so.

    Nothing is billed before then. What was given back of the time at its end is not paid any more:
    the plan begins a new period then, paid from what was given back first.
    Raises Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> str | None:
        dunning, order = at.get(Dunning, at.user_id), at.shopper.plan
        bill = at.get(Invoice, unpaid.invoice_id).bill
        held = dunning.held(unpaid.invoice_id, bill) if bill else None
        if held is None:
            return NOTHING_LAPSED
        starter = at.get(StarterPlan, StarterPlan.KEY).plan_id
        if order is None or order.provider_id is None:
            return dropped(at, unpaid, key, LEFT)
        if order.subject not in (f"plan:{starter}", f"plan:{held.plan_id}"):
            return dropped(at, unpaid, key, CHANGED_SINCE)
        return _restored(at, unpaid, key, (order, held), until)

    return visit(shop, user_id, now, work)


def _restored(
    at: Visit, unpaid: Unpaid, key: str, lapsed: tuple[Order, HeldPlan], until: datetime
) -> str | None:
    order, held = lapsed
    found = at.outbound.subscription(order.provider_id or "")
    if found.status in OVER:
        at.close(order, found.status)
        return dropped(at, unpaid, key, LEFT)
    if found.price_id != held.price_id:
        change = PlanChange(found.id, held.price_id, held.quantity)
        if until > at.now:
            change = replace(change, prorated=False, paid_until=until)
        elif not held.prorated:
            return dropped(at, unpaid, key, TIME_OVER, stays_ended=True)
        elif found.cancel_at is not None:
            return dropped(at, unpaid, key, LEAVING)
        try:
            found = at.outbound.change_plan(key, change)
        except CardDeclined:
            return dropped(at, unpaid, key, DECLINED)
    at.shopper.move(order, f"plan:{held.plan_id}", why(at, key))
    if found.price_id != held.price_id:
        return dropped(at, unpaid, key, WAITS)
    at.get(Dunning, at.user_id).restore(unpaid.invoice_id, found.id, why(at, key))
    at.store()
    return None
