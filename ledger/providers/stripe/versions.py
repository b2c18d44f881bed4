"""Older API versions' objects in the newest shape, keyed on the event's own `api_version`.

An event keeps for ever the shape it was made in, so this is history's job, not the SDK's. Each
step names the version from which Stripe sends the newer shape (docs.stripe.com/upgrades). What
older objects say of other objects, the newest ones no longer do: see `readers.enclosed`.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

NEWEST_KNOWN_VERSION = "2026-10-28.endive"
OLDEST = "2011-01-01"

Object = dict[str, Any]
Upcast = Callable[[Object], None]


def date_of(api_version: str | None) -> str:
    """The date that orders versions: '2016-03-07' of '2016-03-07; orders_beta=v3'."""
    return (api_version or OLDEST)[:10]


def is_unknown(api_version: str | None) -> bool:
    """Whether Stripe made the version after this was written: it is read as the newest known."""
    return date_of(api_version) > NEWEST_KNOWN_VERSION[:10]


def upcast(obj: Object, api_version: str | None) -> Object:
    """`obj` in the newest shape, itself when it has that; an unknown version's is taken to."""
    date = date_of(api_version)
    if date >= LAST_STEP:
        return obj
    obj = deepcopy(obj)
    kind = str(obj.get("object", ""))
    for since, steps in STEPS:
        if date < since and kind in steps:
            steps[kind](obj)
    return obj


def _invoice_status(invoice: Object) -> None:
    """Flags told the status, `date` since when it was final, and what was due what was paid."""
    paid = bool(invoice.get("paid"))
    if invoice.get("status") is None:
        was_open = invoice.get("attempted") or invoice.get("closed")
        invoice["status"] = "paid" if paid else "open" if was_open else "draft"
    finalized_at = invoice.get("finalized_at") or invoice.get("date")
    if invoice["status"] != "draft" and invoice.get("status_transitions") is None:
        invoice["status_transitions"] = {"finalized_at": finalized_at}
    if invoice.get("amount_paid") is None:
        invoice["amount_paid"] = invoice.get("amount_due", 0) if paid else 0


def _subscription_start(sub: Object) -> None:
    """`start` became `start_date`; the oldest subscriptions did not say when they were created."""
    sub.setdefault("start_date", sub.get("start"))
    sub.setdefault("created", sub["start_date"])


def _subscription_items(sub: Object) -> None:
    """The one plan became items, and plans became prices."""
    items = sub.get("items")
    if not isinstance(items, dict) or not items.get("data"):
        sub["items"] = {"data": [{"plan": sub.get("plan"), "quantity": sub.get("quantity")}]}
    for item in _rows(sub["items"]):
        if item.get("price") is None:
            item["price"] = _price_of_plan(item.get("plan"))


def _price_of_plan(plan: Any) -> Any:
    if not isinstance(plan, dict):
        return None
    return {key: plan[key] for key in ("id", "product", "metadata") if key in plan}


def _session_items(session: Object) -> None:
    """A session listed what it sold, instead of the sum; its mode followed from what it made."""
    sold = session.get("display_items")
    if session.get("amount_total") is None and isinstance(sold, list):
        amounts = [_display_amount(each) for each in sold]
        if amounts and None not in amounts:
            session["amount_total"] = sum(amount or 0 for amount in amounts)
            session.setdefault("currency", sold[0].get("currency"))
    if session.get("mode") is None:
        made = (mode for mode in ("subscription", "setup") if session.get(_MADE[mode]))
        session["mode"] = next(made, "payment")


_MADE = {"subscription": "subscription", "setup": "setup_intent"}


def _display_amount(item: Any) -> int | None:
    """The amount of one sold item in minor units, if it says so."""
    amount, quantity = _get(item, "amount"), _get(item, "quantity")
    both = isinstance(amount, int) and isinstance(quantity, int)
    return amount * quantity if both else None


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _session_paid(session: Object) -> None:
    """Before methods that take days, a session completed only when it was paid."""
    if session.get("payment_status") is None:
        session["payment_status"] = "paid"


def _invoice_paid_out_of_band(invoice: Object) -> None:
    """`amount_paid` left out what was paid outside of Stripe; the oldest do not say that it was."""
    outside = invoice.get("paid_out_of_band")
    if outside is None:
        outside = not (invoice.get("charge") or invoice.get("amount_paid"))
    if outside and invoice.get("status") == "paid":
        invoice["amount_paid"] = invoice.get("amount_due", invoice.get("amount_paid"))


def _invoice_parent(invoice: Object) -> None:
    """What an invoice and its lines belong to became their `parent`."""
    details = invoice.get("subscription_details")
    if invoice.get("subscription"):
        invoice["parent"] = {
            "subscription_details": {
                "subscription": invoice["subscription"],
                "metadata": _get(details, "metadata"),
            }
        }
    for line in _rows(invoice.get("lines")):
        subscription = line.get("subscription")
        if line.get("type") == "subscription" and not subscription:
            subscription = invoice.get("subscription")
        line["parent"] = {"subscription_item_details": {"subscription": subscription}}


def _invoice_basil(invoice: Object) -> None:
    _invoice_paid_out_of_band(invoice)
    _invoice_parent(invoice)


def _subscription_periods(sub: Object) -> None:
    """The period moved from the subscription to its items."""
    for item in _rows(sub.get("items")):
        for field in ("current_period_start", "current_period_end"):
            item.setdefault(field, sub.get(field))


def _rows(listing: Any) -> list[Object]:
    rows = _get(listing, "data")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


STEPS: tuple[tuple[str, dict[str, Upcast]], ...] = (
    ("2019-03-14", {"invoice": _invoice_status}),
    ("2019-10-17", {"subscription": _subscription_start}),
    ("2020-08-27", {"subscription": _subscription_items, "checkout.session": _session_items}),
    ("2022-08-01", {"checkout.session": _session_paid}),
    ("2025-03-31", {"subscription": _subscription_periods, "invoice": _invoice_basil}),
)
"""Since which version -> kind of object -> what brings an older one into the newer shape."""

LAST_STEP = STEPS[-1][0]
