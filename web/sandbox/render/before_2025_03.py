"""Before 2025-03-31: payments name their invoice, invoices their payment and subscription."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.catalog import plan, price
from web.sandbox.render.context import Context
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.invoices import Invoice, InvoiceItem, Line
from web.sandbox.truth.subscriptions import Subscription

Json = dict[str, Any]


def payment_intent(told: Json, noun: Intent, context: Context, at: int) -> Json:
    """A payment intent with the invoice it pays."""
    return {**told, "invoice": context.invoice_of(noun.id)}


def charge(told: Json, noun: Charge, context: Context, at: int) -> Json:
    """A charge with the invoice it pays."""
    return {**told, "invoice": context.invoice_of(noun.intent)}


def invoice(told: Json, noun: Invoice, context: Context, at: int) -> Json:
    """An invoice with its payment; money from outside of Stripe is not in `amount_paid`."""
    charges = context.charges_of(noun.intent, at)
    details = {"metadata": noun.subscription_metadata}
    return {
        **_without(told, "parent", "total_taxes"),
        "amount_paid": 0 if noun.out_of_band else noun.amount_paid,
        "application_fee_amount": None,
        "charge": charges[0].id if charges else None,
        "discount": None,
        "lines": _lines(told["lines"], noun),
        "paid": noun.status == "paid",
        "paid_out_of_band": noun.out_of_band,
        "payment_intent": noun.intent,
        "quote": None,
        "subscription": noun.subscription,
        "subscription_details": details if noun.subscription else None,
        "tax": None,
        "total_tax_amounts": [],
        "transfer_data": None,
    }


def invoice_item(told: Json, noun: InvoiceItem, context: Context, at: int) -> Json:
    """An invoice item with its whole price."""
    kept = _without(told, "parent", "pricing")
    unit = noun.line.price.unit_amount
    return {**kept, **_sold(noun.line), "unit_amount": unit, "unit_amount_decimal": str(unit)}


def subscription(told: Json, noun: Subscription, context: Context, at: int) -> Json:
    """A subscription with one period, that of all its items, and the plan of its only one."""
    period = ("current_period_start", "current_period_end")
    items = [_without(item, *period) for item in told["items"]["data"]]
    return {
        **told,
        "current_period_end": noun.item.period_end,
        "current_period_start": noun.item.period_start,
        "discount": None,
        "items": {**told["items"], "data": items},
        "plan": plan(noun.item.price),
        "quantity": noun.item.quantity,
    }


def _lines(told: Json, noun: Invoice) -> Json:
    pairs = zip(told["data"], noun.lines, strict=True)
    return {**told, "data": [_line(one, line) for one, line in pairs]}


def _line(told: Json, line: Line) -> Json:
    return {
        **_without(told, "parent", "pricing", "taxes"),
        **_sold(line),
        "amount_excluding_tax": line.amount,
        "unit_amount_excluding_tax": str(line.price.unit_amount),
        "invoice_item": line.invoice_item,
        "proration": line.proration,
        "proration_details": {"credited_items": None},
        "tax_amounts": [],
        "tax_rates": [],
        "type": "invoiceitem" if line.item is None else "subscription",
    }


def _sold(line: Line) -> Json:
    return {
        "plan": plan(line.price) if line.price.interval else None,
        "price": price(line.price),
        "subscription": line.subscription,
        "subscription_item": line.item,
    }


def _without(told: Json, *fields: str) -> Json:
    return {key: value for key, value in told.items() if key not in fields}
