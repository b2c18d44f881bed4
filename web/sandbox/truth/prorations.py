"""Prorations: what is unused of a period goes back, what remains is charged."""

from __future__ import annotations

from web.sandbox.truth.catalog import Price, Product
from web.sandbox.truth.invoices import InvoiceItem, Line
from web.sandbox.truth.subscriptions import Item, Subscription
from web.sandbox.truth.world import Truth


def unused(truth: Truth, subscription: Subscription, at: int) -> Line:
    """The credit for what is left of the period at `at` (Unix seconds)."""
    item = subscription.item
    amount = -_share(item, at, item.price, item.quantity)
    return _line(
        truth, subscription, item, at, amount, f"Unused time on {title(truth, item.price)}"
    )


def remaining(truth: Truth, subscription: Subscription, item: Item, at: int) -> Line:
    """The charge for another item in what is left of the period at `at` (Unix seconds)."""
    amount = _share(subscription.item, at, item.price, item.quantity)
    return _line(
        truth, subscription, item, at, amount, f"Remaining time on {title(truth, item.price)}"
    )


def pend(truth: Truth, subscription: Subscription, line: Line) -> None:
    """Bill a line with the subscription's next invoice: `invoiceitem.created`."""
    item = InvoiceItem(
        id=line.invoice_item or "",
        account=subscription.account,
        created=truth.now,
        customer=subscription.customer,
        line=line,
    )
    truth.add(item, "invoiceitem.created")
    truth.pending.setdefault(subscription.id, []).append(item.id)


def pending_lines(truth: Truth, subscription: str) -> tuple[Line, ...]:
    """What waits to be billed with the subscription's next invoice."""
    items = truth.pending.get(subscription, [])
    return tuple(truth.get(InvoiceItem, key).line for key in items)


def take_pending(truth: Truth, subscription: str) -> tuple[Line, ...]:
    """The same, and it does not wait any more."""
    lines = pending_lines(truth, subscription)
    truth.pending.pop(subscription, None)
    return lines


def title(truth: Truth, price: Price) -> str:
    """What a line calls a price: as the seller does, or by its product."""
    return price.nickname or truth.get(Product, price.product).name


def _share(period: Item, at: int, price: Price, quantity: int) -> int:
    """The part of the price for what is left of the period, in minor units, rounded."""
    whole = period.period_end - period.period_start
    left = period.period_end - at
    return (2 * price.unit_amount * quantity * left + whole) // (2 * whole)


def _line(
    truth: Truth, subscription: Subscription, item: Item, at: int, amount: int, description: str
) -> Line:
    return Line(
        id=truth.new_id("il_1"),
        amount=amount,
        currency=item.price.currency,
        description=description,
        quantity=item.quantity,
        price=item.price,
        period_start=at,
        period_end=subscription.item.period_end,
        subscription=subscription.id,
        item=item.id,
        invoice_item=truth.new_id("ii_1"),
        proration=True,
    )
