"""Invoice lines; since 2025-03-31 their origin is a `parent` and their price a `pricing`."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.invoices import Invoice, Line


def lines(noun: Invoice) -> dict[str, Any]:
    """The list of an invoice's lines."""
    return {
        "object": "list",
        "data": [_line(noun.id, line) for line in noun.lines],
        "has_more": False,
        "total_count": len(noun.lines),
        "url": f"/v1/invoices/{noun.id}/lines",
    }


def item_pricing(line: Line) -> dict[str, Any]:
    """Which price one unit was sold at."""
    return {
        "price_details": {"price": line.price.id, "product": line.price.product},
        "type": "price_details",
        "unit_amount_decimal": str(line.price.unit_amount),
    }


def _line(invoice_id: str, line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "object": "line_item",
        "amount": line.amount,
        "currency": line.currency,
        "description": line.description,
        "discount_amounts": [],
        "discountable": not line.proration,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": {},
        "parent": _parent(line),
        "period": {"end": line.period_end, "start": line.period_start},
        "pretax_credit_amounts": [],
        "pricing": item_pricing(line),
        "quantity": line.quantity,
        "quantity_decimal": str(line.quantity),
        "subtotal": line.amount,
        "taxes": [],
    }


def _parent(line: Line) -> dict[str, Any]:
    if line.item is None:
        details = {
            "invoice_item": line.invoice_item,
            "proration": line.proration,
            "proration_details": {"credited_items": None},
            "subscription": line.subscription,
        }
        return {
            "invoice_item_details": details,
            "subscription_item_details": None,
            "type": "invoice_item_details",
        }
    details = {
        "invoice_item": line.invoice_item,
        "proration": line.proration,
        "proration_details": {"credited_items": None},
        "subscription": line.subscription,
        "subscription_item": line.item,
    }
    return {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }
