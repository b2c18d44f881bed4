"""What surrounds an invoice: its items, and the payments meant for it."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.lines import item_pricing
from web.sandbox.truth.invoices import InvoiceItem, InvoicePayment


def invoice_item(noun: InvoiceItem) -> dict[str, Any]:
    """An invoice item: a proration waiting for its invoice, or something billed by hand."""
    line = noun.line
    return {
        "id": noun.id,
        "object": "invoiceitem",
        "amount": line.amount,
        "currency": line.currency,
        "customer": noun.customer,
        "customer_account": None,
        "date": noun.created,
        "description": line.description,
        "discountable": not line.proration,
        "discounts": [],
        "invoice": noun.invoice,
        "livemode": False,
        "metadata": {},
        "net_amount": line.amount,
        "parent": _item_parent(noun),
        "period": {"end": line.period_end, "start": line.period_start},
        "pricing": item_pricing(line),
        "proration": line.proration,
        "quantity": line.quantity,
        "quantity_decimal": str(line.quantity),
        "tax_rates": [],
        "test_clock": None,
    }


def invoice_payment(noun: InvoicePayment) -> dict[str, Any]:
    """The link between an invoice and a payment intent: the only one there is."""
    return {
        "id": noun.id,
        "object": "invoice_payment",
        "amount_paid": noun.amount if noun.paid_at is not None else None,
        "amount_requested": noun.amount,
        "created": noun.created,
        "currency": noun.currency,
        "invoice": noun.invoice,
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": noun.intent, "type": "payment_intent"},
        "status": noun.status,
        "status_transitions": {"canceled_at": noun.canceled_at, "paid_at": noun.paid_at},
    }


def _item_parent(noun: InvoiceItem) -> dict[str, Any] | None:
    if noun.line.subscription is None:
        return None
    details = {"subscription": noun.line.subscription, "subscription_item": noun.line.item}
    return {"subscription_details": details, "type": "subscription_details"}
