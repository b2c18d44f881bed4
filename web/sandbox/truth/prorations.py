"""Changing a plan within its period: what is unused goes back, what remains is charged."""

from __future__ import annotations

from web.sandbox.truth import dunning, invoicing, subscriptions
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.invoices import InvoiceItem, Line
from web.sandbox.truth.invoicing import Bill
from web.sandbox.truth.subscriptions import Item, Subscription
from web.sandbox.truth.world import Truth


def switch(truth: Truth, subscription: Subscription, item: Item, at_once: bool) -> Subscription:
    """Put `item` in place of the present one, prorated; billed at once or with the next period."""
    subscription = truth.fresh(subscription)
    lines = _credit_and_debit(truth, subscription, item)
    if not at_once:
        for line in lines:
            _pend(truth, subscription, line)
        return subscriptions.change(truth, subscription, item=item)
    key = truth.new_id("in_1")
    subscription = subscriptions.change(truth, subscription, item=item, latest_invoice=key)
    for line in lines:
        _pend(truth, subscription, line)
    bill = Bill(
        id=key,
        customer=subscription.customer,
        reason="subscription_update",
        lines=pending_lines(truth, subscription.id),
        subscription=subscription.id,
        subscription_metadata=subscription.metadata,
    )
    dunning.collect(truth, invoicing.finalize(truth, invoicing.draft(truth, bill)))
    return truth.fresh(subscription)


def pending_lines(truth: Truth, subscription: str) -> tuple[Line, ...]:
    """What waits to be billed with the subscription's next invoice; asking takes it."""
    items = truth.pending.pop(subscription, [])
    return tuple(truth.get(InvoiceItem, key).line for key in items)


def _credit_and_debit(truth: Truth, subscription: Subscription, item: Item) -> tuple[Line, Line]:
    old = subscription.item
    unused = -_share(truth, old, old.price, old.quantity)
    remaining = _share(truth, old, item.price, item.quantity)
    return (
        _line(truth, subscription, old, unused, f"Unused time on {old.price.nickname}"),
        _line(truth, subscription, item, remaining, f"Remaining time on {item.price.nickname}"),
    )


def _share(truth: Truth, period: Item, price: Price, quantity: int) -> int:
    """The part of the price for what is left of the period, in minor units, rounded."""
    whole = period.period_end - period.period_start
    left = period.period_end - truth.now
    return (2 * price.unit_amount * quantity * left + whole) // (2 * whole)


def _line(
    truth: Truth, subscription: Subscription, item: Item, amount: int, description: str
) -> Line:
    return Line(
        id=truth.new_id("il_1"),
        amount=amount,
        currency=item.price.currency,
        description=description,
        quantity=item.quantity,
        price=item.price,
        period_start=truth.now,
        period_end=subscription.item.period_end,
        subscription=subscription.id,
        item=item.id,
        invoice_item=truth.new_id("ii_1"),
        proration=True,
    )


def _pend(truth: Truth, subscription: Subscription, line: Line) -> None:
    item = InvoiceItem(
        id=line.invoice_item or "",
        account=subscription.account,
        created=truth.now,
        customer=subscription.customer,
        line=line,
    )
    truth.add(item, "invoiceitem.created")
    truth.pending.setdefault(subscription.id, []).append(item.id)
