"""Changing what a subscription sells: another price or quantity, prorated and billed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from web.sandbox.truth import (
    billing,
    dunning,
    invoicing,
    prorations,
    settlement,
    subscriptions,
)
from web.sandbox.truth.calendar import next_boundary
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.invoices import Invoice, Line
from web.sandbox.truth.invoicing import Bill
from web.sandbox.truth.subscriptions import Item, Pending, Subscription
from web.sandbox.truth.world import Truth

NEVER_PRORATED = {"trialing", "paused"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`item` in place of the present one. `prorate` is Stripe's proration_behavior, `since` the
    moment unused time counts from (Unix seconds, now unless given). A bill that is `left_open`
    waits to be paid in the page; of one that cannot be paid the whole change `waits`.
    `same_cycle` keeps the billing date whatever changes."""

    item: Item
    prorate: str = "create_prorations"
    since: int | None = None
    left_open: bool = False
    waits: bool = False
    same_cycle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change comes to: the subscription after it, lines to be billed some time, and at
    once (`bills`) together with the line of a period that begins anew (`whole`)."""

    after: Subscription
    prorated: tuple[Line, ...] = ()
    whole: tuple[Line, ...] = ()
    bills: bool = False


def switch(truth: Truth, subscription: Subscription, item: Item, at_once: bool) -> Subscription:
    """Put `item` in place of the present one within its cycle, billed at once or with the next."""
    prorate = "always_invoice" if at_once else "create_prorations"
    change = Change(item=item, prorate=prorate, same_cycle=True)
    return apply(truth, truth.fresh(subscription), change)


def apply(truth: Truth, subscription: Subscription, change: Change) -> Subscription:
    """Make the change: `customer.subscription.updated`, and a bill if one is due at once.

    `subscription` is as it was, but for anything else that is to change in the same step.
    """
    effect = effect_of(truth, subscription, change)
    if not effect.bills:
        for line in effect.prorated:
            prorations.pend(truth, subscription, line)
        return _become(truth, effect.after)
    key = truth.new_id("in_1")
    effect = replace(effect, after=replace(effect.after, latest_invoice=key))
    if change.waits:
        return _become_or_wait(truth, subscription, effect)
    after = _become(truth, effect.after)
    _collect(truth, after, _billed(truth, effect), change)
    return truth.fresh(subscription)


def preview(truth: Truth, subscription: Subscription, change: Change) -> Invoice | None:
    """The next bill if the change were made, which it is not; None if there would be none."""
    effect = effect_of(truth, subscription, change)
    lines = (*prorations.pending_lines(truth, subscription.id), *effect.prorated, *effect.whole)
    reason = "subscription_update"
    if not effect.bills:
        reason = "upcoming"
        lines = (*lines, *_next_period(truth, effect.after))
    if not lines:
        return None
    bill = _bill(effect.after, lines, truth.new_id("upcoming_in_1"))
    return invoicing.compose(truth, replace(bill, reason=reason))


def due_minor(truth: Truth, effect: Effect) -> int:
    """What would be to pay at once, in minor units."""
    if not effect.bills:
        return 0
    lines = (*prorations.pending_lines(truth, effect.after.id), *effect.prorated, *effect.whole)
    balance = truth.get(Customer, effect.after.customer).balance
    return max(0, sum(line.amount for line in lines) + balance)


def effect_of(truth: Truth, subscription: Subscription, change: Change) -> Effect:
    """What a change to a subscription would come to."""
    old, new = subscription.item, change.item
    since = change.since or truth.now
    after = replace(subscription, item=new)
    same = (old.price.id, old.quantity) == (new.price.id, new.quantity)
    if same or subscription.status in NEVER_PRORATED:
        return Effect(after=after)
    if _begins_anew(old, new) and not change.same_cycle:
        return _anew(truth, subscription, change)
    if change.prorate == "none":
        return Effect(after=after)
    credit = prorations.unused(truth, subscription, since)
    lines = (credit, prorations.remaining(truth, subscription, new, since))
    return Effect(after=after, prorated=lines, bills=change.prorate == "always_invoice")


def _begins_anew(old: Item, new: Item) -> bool:
    """Another interval, or what is free no longer or becomes free, changes the billing date."""
    return old.price.interval != new.price.interval or (old.amount == 0) != (new.amount == 0)


def _anew(truth: Truth, subscription: Subscription, change: Change) -> Effect:
    old, interval = subscription.item, change.item.price.interval or "month"
    end = next_boundary(truth.now, interval, truth.now)
    item = subscriptions.in_period(change.item, truth.now, end)
    after = replace(subscription, item=item, anchor=truth.now)
    prorated = change.prorate != "none" and old.amount != 0
    since = change.since or truth.now
    credit = (prorations.unused(truth, subscription, since),) if prorated else ()
    whole = (billing.period_line(truth, after),)
    return Effect(after=after, prorated=credit, whole=whole, bills=True)


def _become(truth: Truth, after: Subscription) -> Subscription:
    """Take the new state on; a cancellation and the next bill move with the period."""
    before = truth.fresh(after)
    if after.cancel_at_period_end:
        after = replace(after, cancel_at=after.item.period_end)
    names = (each.name for each in fields(after))
    changes = {n: getattr(after, n) for n in names if getattr(after, n) != getattr(before, n)}
    if changes:
        subscriptions.change(truth, after, **changes)
    if after.item.period_end != before.item.period_end:
        billing.await_period_end(truth, after)
    return after


def _become_or_wait(truth: Truth, subscription: Subscription, effect: Effect) -> Subscription:
    """Make the change if its bill can be paid at once; otherwise it waits for that for a while."""
    invoice, after = _billed(truth, effect), effect.after
    if dunning.charge(truth, invoice):
        after = _become(truth, after)
        dunning.recover(truth, settlement.settle(truth, invoice))
        return truth.fresh(after)
    expires_at = truth.now + billing.INCOMPLETE_SECONDS
    pending = Pending(after.item, after.anchor, expires_at)
    waiting = replace(subscription, latest_invoice=invoice.id, pending=pending)
    waiting = _become(truth, waiting)
    billing.await_period_end(truth, after)
    settlement.fail(truth, invoice, next_attempt=None)
    truth.later(expires_at, lambda: _drop(truth, waiting))
    return truth.fresh(waiting)


def _drop(truth: Truth, subscription: Subscription) -> None:
    waited, now = subscription.pending, truth.fresh(subscription)
    if waited is None or now.pending != waited:
        return
    settlement.void(truth, truth.get(Invoice, now.latest_invoice or ""))
    subscriptions.drop_pending(truth, now)


def _billed(truth: Truth, effect: Effect) -> Invoice:
    """The bill of a change, final."""
    after = effect.after
    for line in effect.prorated:
        prorations.pend(truth, after, line)
    pending = prorations.take_pending(truth, after.id)
    bill = _bill(after, (*pending, *effect.whole), after.latest_invoice)
    return invoicing.finalize(truth, invoicing.draft(truth, bill))


def _collect(truth: Truth, subscription: Subscription, invoice: Invoice, change: Change) -> None:
    if change.left_open and invoice.amount_due:
        subscriptions.change(truth, subscription, status="past_due")
    else:
        dunning.collect(truth, invoice)


def _bill(after: Subscription, lines: tuple[Line, ...], key: str | None) -> Bill:
    return Bill(
        id=key,
        customer=after.customer,
        reason="subscription_update",
        lines=lines,
        subscription=after.id,
        subscription_metadata=after.metadata,
    )


def _next_period(truth: Truth, after: Subscription) -> tuple[Line, ...]:
    """The line of the period to come, unless the subscription ends before it."""
    if after.cancel_at is not None or after.status == "paused":
        return ()
    start, interval = after.item.period_end, after.item.price.interval or "month"
    anchor = after.trial_end if after.status == "trialing" and after.trial_end else after.anchor
    item = subscriptions.in_period(after.item, start, next_boundary(anchor, interval, start))
    return (billing.period_line(truth, replace(after, item=item, status="active")),)
