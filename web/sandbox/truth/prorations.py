"""Prorations: what is unused of a period goes back, what remains is charged."""

from __future__ import annotations

from datetime import UTC, datetime

from web.sandbox.truth.catalog import Price, Product
from web.sandbox.truth.invoices import InvoiceItem, Line
from web.sandbox.truth.subscriptions import Item, Subscription
from web.sandbox.truth.world import Truth

TIMES = "\N{MULTIPLICATION SIGN}"


def unused(truth: Truth, subscription: Subscription, at: int) -> Line:
    """The credit for what is left of the period at `at` (Unix seconds)."""
    item = subscription.item
    amount = -_share(item, at, item.price, item.quantity)
    text = f"Unused time on {_title(truth, item, at)}"
    return _line(truth, subscription, item, at, amount, text)


def remaining(truth: Truth, subscription: Subscription, item: Item, at: int) -> Line:
    """The charge for another item in what is left of the period at `at` (Unix seconds)."""
    amount = _share(subscription.item, at, item.price, item.quantity)
    text = f"Remaining time on {_title(truth, item, at)}"
    return _line(truth, subscription, item, at, amount, text)


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
    """What a line calls a price: by its product, since a nickname is the seller's own."""
    return truth.get(Product, price.product).name


def _title(truth: Truth, item: Item, at: int) -> str:
    """`Box after 20 Nov 2026`, with how many where that is not one."""
    many = f"{item.quantity} {TIMES} " if item.quantity > 1 else ""
    return f"{many}{title(truth, item.price)} after {datetime.fromtimestamp(at, UTC):%-d %b %Y}"


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
