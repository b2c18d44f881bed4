"""One page for each payment and subscription: to pay it, then pending until the webhook is in.

What is paid is said by the ledger only. The provider is asked whether a card is still needed; a
browser's address says nothing of either.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from ledger.checkout import looking
from ledger.providers.outbound import OpenPayment
from web.access.headers import DATA, with_headers
from web.pages.desk import Desk, Visitor, catalog

FREE = "cs_"
"""A session that cost nothing led to no payment, and stands for itself."""
NEEDS_A_CARD = ("requires_payment_method", "requires_action")
PAID = ("paid", "partially_refunded")
OVER = {
    "refunded": "This payment was refunded.",
    "disputed": "This payment is in dispute with your bank.",
    "dispute_lost": "Your bank took this payment back.",
    "abandoned": "This payment was not made in time.",
    "canceled": "This payment was given up; nothing was charged.",
    "quarantined": "We have a question about this payment. We will be in touch.",
    "other_platform": "This payment was not made here.",
}
"""A payment's status that no waiting changes -> what is said of it."""


def register(routes: Blueprint, desk: Desk) -> None:
    """`/payments/<id>` and `/payments/<id>/status`."""

    @routes.get("/payments/<payment_id>")
    def payment(payment_id: str) -> Response:
        visitor = desk.visitor()
        row = _row(desk, visitor, payment_id)
        if row is not None and (row["status"] in PAID or row["status"] in OVER):
            return _settled(desk, visitor, row)
        if payment_id.startswith(FREE):
            here = f"/payments/{payment_id}"
            return pending(desk, visitor, here, f"{here}/status", _state(row))
        found = looking.payment(desk.shop, visitor.user_id, payment_id)
        return payment_page(desk, visitor, found, row)

    @routes.get("/payments/<payment_id>/status")
    def status(payment_id: str) -> Response:
        row = _row(desk, desk.visitor(), payment_id)
        return with_headers(jsonify(state=_state(row)), DATA)


def payment_page(
    desk: Desk,
    visitor: Visitor,
    found: OpenPayment,
    row: dict[str, Any] | None = None,
    **told: Any,
) -> Response:
    """A payment that is to be made, or is on its way."""
    told = {"found": found, "title": _title(desk, found), **told}
    if found.state in NEEDS_A_CARD:
        paying = desk.paying()
        secret = found.client_secret
        return desk.page("pay.html", visitor, paying=paying, secret=secret, **told)
    if found.state == "canceled":
        return desk.page("over.html", visitor, sentence=OVER["canceled"])
    here = f"/payments/{found.id}"
    return pending(desk, visitor, here, f"{here}/status", _state(row))


def pending(desk: Desk, visitor: Visitor, path: str, asks: str, state: str) -> Response:
    """It waits, asks at `asks` how things stand, and is followed by `path` when that changes."""
    return desk.page("pending.html", visitor, path=path, asks=asks, state=state)


def _settled(desk: Desk, visitor: Visitor, row: dict[str, Any]) -> Response:
    if row["status"] in OVER:
        return desk.page("over.html", visitor, sentence=OVER[row["status"]])
    balance = desk.queries.balance(visitor.user_id) if row["credits"] else None
    return desk.page("paid.html", visitor, row=row, balance=balance, catalog=catalog(desk.queries))


def _row(desk: Desk, visitor: Visitor, payment_id: str) -> dict[str, Any] | None:
    """What the ledger has of a payment, if it is the visitor's."""
    row = desk.queries.purchase(payment_id)
    return row if row and row["customer_id"] == visitor.user_id else None


def _state(row: dict[str, Any] | None) -> str:
    if row is None or row["status"] in ("pending", "failed"):
        return "pending"
    return "paid" if row["status"] in PAID else "over"


def _title(desk: Desk, found: OpenPayment) -> str:
    """What a payment is for, by the metadata we gave it."""
    for kind, offered in (("learning_path", looking.learning_path), ("group", looking.group)):
        key = found.metadata.get(f"{kind}_id")
        if key is not None:
            return offered(desk.shop, key).name
    return "Your charges" if "account_payment" in found.metadata else "Payment"
