"""The cycle of a subscription: its first bill, its renewals and the collecting of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from web.sandbox.truth import dunning, invoicing, settlement, subscriptions
from web.sandbox.truth.calendar import DAY, HOUR, next_boundary
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.invoices import Invoice, Line
from web.sandbox.truth.invoicing import Bill
from web.sandbox.truth.prorations import TIMES, take_pending, title
from web.sandbox.truth.subscriptions import Subscription, Terms
from web.sandbox.truth.world import Truth

INCOMPLETE_SECONDS = 23 * HOUR
DRAFT_SECONDS = HOUR
TRIAL_NOTICE_SECONDS = 3 * DAY


def subscribe(
    truth: Truth, customer: Customer, terms: Terms, paid_by: Intent | None = None
) -> Subscription:
    """Subscribe through the API, or after Checkout took the money (`paid_by`)."""
    invoice_id = truth.new_id("in_1")
    status = first_status(terms, paid_by, truth.fresh(customer).balance)
    subscription = subscriptions.begin(truth, customer, terms, status, invoice_id)
    await_period_end(truth, subscription)
    bill = period_bill(truth, subscription, "subscription_create", invoice_id)
    invoice = invoicing.finalize(truth, invoicing.draft(truth, bill), paid_by)
    if status != "incomplete":
        settlement.settle(truth, invoice)
        return truth.fresh(subscription)
    if not terms.left_open:
        dunning.collect_first(truth, subscription, invoice)
    truth.later(truth.now + INCOMPLETE_SECONDS, lambda: _expire(truth, subscription.id))
    return truth.fresh(subscription)


def first_status(terms: Terms, paid_by: Intent | None, balance: int = 0) -> str:
    """A subscription is incomplete only while its first money has not come."""
    if terms.trial_days:
        return "trialing"
    free = terms.price.unit_amount * terms.quantity + balance <= 0
    return "active" if free or paid_by else "incomplete"


def renew(truth: Truth, key: str, due_at: int) -> None:
    """A period ends: the subscription ends, pauses or starts another one."""
    subscription = truth.get(Subscription, key)
    if subscription.ended_at or subscription.paused_at or subscription.item.period_end != due_at:
        return
    if subscription.cancel_at is not None and subscription.cancel_at <= truth.now:
        subscriptions.end(truth, subscription, "cancellation_requested")
    elif subscription.trial_end == due_at and dunning.card_of(truth, subscription) is None:
        TRIAL_ENDS_WITHOUT_CARD[subscription.missing_card](truth, subscription)
    else:
        next_period(truth, subscription)


def next_period(truth: Truth, subscription: Subscription) -> None:
    """The next period begins; its bill is a draft for an hour."""
    old = subscription.item
    interval = old.price.interval or "month"
    end = next_boundary(subscription.anchor, interval, truth.now)
    status = "active" if subscription.status == "trialing" else subscription.status
    subscription = subscriptions.change(
        truth,
        subscription,
        item=replace(old, period_start=old.period_end, period_end=end),
        status=status,
        latest_invoice=truth.new_id("in_1"),
    )
    await_period_end(truth, subscription)
    bill = period_bill(truth, subscription, "subscription_cycle", subscription.latest_invoice)
    invoice = invoicing.draft(truth, replace(bill, auto_advance=status != "unpaid"))
    truth.later(truth.now + DRAFT_SECONDS, lambda: _collect_draft(truth, invoice))


TRIAL_ENDS_WITHOUT_CARD: dict[str, Callable[[Truth, Subscription], object]] = {
    "create_invoice": next_period,
    "pause": subscriptions.pause,
    "cancel": partial(subscriptions.end, reason="cancellation_requested"),
}


def _collect_draft(truth: Truth, invoice: Invoice) -> None:
    """An hour has passed; somebody may have finalized the bill by hand."""
    subscription = truth.get(Subscription, invoice.subscription or "")
    invoice = truth.fresh(invoice)
    if subscription.ended_at is not None or not invoice.auto_advance:
        return
    draft = invoice.status == "draft"
    dunning.collect(truth, invoicing.finalize(truth, invoice) if draft else invoice)


def await_period_end(truth: Truth, subscription: Subscription) -> None:
    """Let the end of the present period come, with a notice if that ends a trial."""
    due_at = subscription.item.period_end
    truth.later(due_at, lambda: renew(truth, subscription.id, due_at))
    if subscription.trial_end == due_at:
        truth.later(due_at - TRIAL_NOTICE_SECONDS, lambda: _notice(truth, subscription.id))


def _notice(truth: Truth, key: str) -> None:
    subscription = truth.get(Subscription, key)
    if subscription.status == "trialing":
        truth.tell(subscription, "customer.subscription.trial_will_end")


def _expire(truth: Truth, key: str) -> None:
    """Nobody paid the first bill within 23 hours."""
    subscription = truth.get(Subscription, key)
    if subscription.status == "incomplete":
        expire(truth, subscription)


def expire(truth: Truth, subscription: Subscription) -> Subscription:
    """The first bill is not waited for any longer, and is void."""
    changes = {"status": "incomplete_expired", "ended_at": truth.now}
    subscription = subscriptions.change(truth, subscription, **changes)
    settlement.void(truth, truth.get(Invoice, subscription.latest_invoice or ""))
    return subscription


def end_pause(truth: Truth, subscription: Subscription) -> Subscription:
    """A paused subscription is to go on: once the bill of a new period is paid, it does."""
    interval = subscription.item.price.interval or "month"
    end = next_boundary(truth.now, interval, truth.now)
    item = subscriptions.in_period(subscription.item, truth.now, end)
    key = truth.new_id("in_1")
    changes = {"item": item, "anchor": truth.now, "latest_invoice": key}
    subscription = subscriptions.change(truth, subscription, **changes)
    await_period_end(truth, subscription)
    bill = period_bill(truth, subscription, "subscription_update", key)
    dunning.collect_once(truth, invoicing.finalize(truth, invoicing.draft(truth, bill)))
    return truth.fresh(subscription)


def period_bill(truth: Truth, subscription: Subscription, reason: str, key: str | None) -> Bill:
    """The bill of a subscription's present period, with whatever waited for it."""
    item = subscription.item
    lines = (*take_pending(truth, subscription.id), period_line(truth, subscription))
    return Bill(
        id=key,
        customer=subscription.customer,
        reason=reason,
        lines=lines,
        subscription=subscription.id,
        subscription_metadata=subscription.metadata,
        period=(item.period_start, item.period_start),
    )


def period_line(truth: Truth, subscription: Subscription) -> Line:
    """The item's price for its period; nothing while on trial."""
    item = subscription.item
    trial = subscription.status == "trialing"
    text = f"{item.quantity} {TIMES} {title(truth, item.price)}"
    return Line(
        id=truth.new_id("il_1"),
        amount=0 if trial else item.amount,
        currency=item.price.currency,
        description="Trial period" if trial else text,
        quantity=item.quantity,
        price=item.price,
        period_start=item.period_start,
        period_end=item.period_end,
        subscription=subscription.id,
        item=item.id,
    )
