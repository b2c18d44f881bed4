"""Brings somebody whose bill is not paid to the starter plan.

What is about to be done is recorded first, so that after a crash between any two steps the same is
asked again under the same key, and the plan that was held is never forgotten.
"""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.dunning import Dunning, HeldPlan
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.plan import Plan, StarterPlan
from ledger.aggregates.shopper import Order
from ledger.aggregates.subscription import Subscription
from ledger.checkout.plans import (
    plan_for_sale,
    plan_id_of,
    price_of,
    subject_of,
    subscribed,
    to_plan,
)
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.dunning import unused
from ledger.dunning.deciding import Unpaid
from ledger.dunning.reasons import (
    CHANGED_SINCE,
    LEFT,
    NOT_BEGUN,
    NOT_THEIR_PLAN,
    PAID_MEANWHILE,
    STARTER_ALREADY,
    NoStarterPlan,
    dropped,
    why,
)
from ledger.observations import Bill
from ledger.providers.outbound import OVER, UNPAID, OpenSubscription, PlanChange

NEVER_BEGUN = ("incomplete", "incomplete_expired")


def to_starter(shop: Shop, user_id: str, unpaid: Unpaid, key: str, now: datetime) -> str | None:
    """Brings a user to the starter plan; says why, if there was nothing to be done.

    Raises NoStarterPlan, NotOffered, Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> str | None:
        order, plan_id = at.shopper.plan, at.get(StarterPlan, StarterPlan.KEY).plan_id
        if order is None or order.provider_id is None:
            return NOT_THEIR_PLAN
        if plan_id is None:
            raise NoStarterPlan
        starter = plan_for_sale(at, plan_id)
        found = at.outbound.subscription(order.provider_id)
        why_not = _keeps(at, unpaid, order, found, starter)
        if why_not is not None:
            return dropped(at, unpaid, key, why_not)
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
    if found.status in OVER and found.cancel_at is not None:
        return LEFT  # its holder wanted it to end
    paid = found.status not in (*UNPAID, *OVER) and found.price_id != price_of(starter)
    return PAID_MEANWHILE if paid else None


def _downgrade(
    at: Visit, unpaid: Unpaid, key: str, held: tuple[Order, OpenSubscription], starter: Plan
) -> None:
    order, found = held
    dunning = at.get(Dunning, at.user_id)
    dunning.lapse(unpaid.invoice_id, _before(at, unpaid, *held), why(at, key))
    at.store()
    if found.status in OVER:
        at.close(order, found.status)
        found = subscribed(at, subject_of(starter), to_plan(at, starter, 1, None), own=True)
    elif found.price_id != price_of(starter):
        prorated = dunning.lapsed[unpaid.invoice_id].prorated
        change = PlanChange(found.id, price_of(starter), 1, prorated=prorated, paid_for=prorated)
        found = at.outbound.change_plan(key, change)
        at.shopper.move(order, subject_of(starter), why(at, key))
    else:
        at.shopper.move(order, subject_of(starter), why(at, key))
    dunning.downgrade(unpaid.invoice_id, found.id, why(at, key))
    at.store()


def _before(at: Visit, unpaid: Unpaid, order: Order, found: OpenSubscription) -> HeldPlan:
    """The plan as it is held; the provider gives nothing back of what it has ended itself."""

    def bill_of(invoice_id: str) -> Bill | None:
        return at.get(Invoice, invoice_id).bill

    bill, coverage = bill_of(unpaid.invoice_id), at.get(Subscription, found.id).coverage
    paid = unused.is_paid(bill, coverage, bill_of, at.now)
    return HeldPlan(
        plan_id=plan_id_of(order),
        subscription_id=found.id,
        price_id=found.price_id,
        quantity=found.quantity,
        prorated=paid and found.status not in OVER,
    )
