"""Older API versions' objects in the newest shape, keyed on the event's own `api_version`.

An event keeps for ever the shape it was made in, so this is history's job, not the SDK's. Each
step names the version from which Stripe sends the newer shape (docs.stripe.com/upgrades).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Object = dict[str, Any]
Upcast = Callable[[Object], None]


def upcast(obj: Object, api_version: str | None) -> Object:
    """`obj` in the newest shape; an unknown future version is taken to have that already."""
    date = (api_version or OLDEST)[:10]
    if date >= STEPS[-1][0]:
        return obj
    obj = deepcopy(obj)
    kind = str(obj.get("object", ""))
    for since, steps in STEPS:
        if date < since and kind in steps:
            steps[kind](obj)
    return obj


def _subscription_plan(sub: Object) -> None:
    items = sub.get("items")
    if not isinstance(items, dict) or not items.get("data"):
        sub["items"] = {"data": [{"plan": sub.get("plan"), "quantity": sub.get("quantity")}]}
    for item in _rows(sub["items"]):
        if item.get("price") is None:
            item["price"] = _price_of_plan(item.get("plan"))
    sub.setdefault("start_date", sub.get("start"))
    sub.setdefault("created", sub["start_date"])


def _price_of_plan(plan: Any) -> Any:
    if not isinstance(plan, dict):
        return None
    return {key: plan[key] for key in ("id", "product", "metadata") if key in plan}


def _subscription_periods(sub: Object) -> None:
    for item in _rows(sub.get("items")):
        for field in ("current_period_start", "current_period_end"):
            item.setdefault(field, sub.get(field))


def _invoice_status(invoice: Object) -> None:
    paid = bool(invoice.get("paid"))
    if invoice.get("status") is None:
        was_open = invoice.get("attempted") or invoice.get("closed")
        invoice["status"] = "paid" if paid else "open" if was_open else "draft"
    if invoice.get("amount_paid") is None:
        invoice["amount_paid"] = invoice.get("amount_due", 0) if paid else 0


def _invoice_paid_out_of_band(invoice: Object) -> None:
    if invoice.get("paid_out_of_band") and invoice.get("status") == "paid":
        invoice["amount_paid"] = invoice.get("amount_due", invoice.get("amount_paid"))


def _invoice_parent(invoice: Object) -> None:
    details = invoice.get("subscription_details")
    if invoice.get("subscription"):
        invoice["parent"] = {
            "subscription_details": {
                "subscription": invoice["subscription"],
                "metadata": details.get("metadata") if isinstance(details, dict) else None,
            }
        }
    for line in _rows(invoice.get("lines")):
        subscription = line.get("subscription")
        if line.get("type") == "subscription" and not subscription:
            subscription = invoice.get("subscription")
        line["parent"] = {"subscription_item_details": {"subscription": subscription}}


def _rows(listing: Any) -> list[Object]:
    rows = listing.get("data") if isinstance(listing, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


OLDEST = "2011-01-01"

STEPS: tuple[tuple[str, dict[str, Upcast]], ...] = (
    ("2019-03-14", {"invoice": _invoice_status}),
    ("2020-08-27", {"subscription": _subscription_plan}),
    ("2025-03-31", {"invoice": _invoice_paid_out_of_band}),
    (
        "2025-03-31",
        {
            "subscription": _subscription_periods,
            "invoice": _invoice_parent,
        },
    ),
)
"""Since which version -> kind of object -> what brings an older one into the newer shape."""
