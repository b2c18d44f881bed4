"""One page for each subscription: to pay its bill, to watch a change come true, and to end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request
from flask import Response as Page
from werkzeug.wrappers import Response

from ledger.checkout import looking, subscriptions
from ledger.providers.outbound import OVER, UNPAID, OpenSubscription
from web.access.headers import DATA, with_headers
from web.pages.desk import Desk, Visitor, catalog
from web.pages.results import pending

GOOD = ("active", "trialing")
WAITED_FOR = ("plan", "quantity", "ending")
"""What an address may say is still to come; it only makes the page wait."""


def register(routes: Blueprint, desk: Desk) -> None:
    """`/subscriptions/<id>`, its `/status`, `/cancel` and `/resume`."""
    showing(routes, desk)
    ending(routes, desk)


def showing(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/subscriptions/<key>")
    def subscription(key: str) -> Response:
        visitor = desk.visitor()
        found = looking.subscription(desk.shop, visitor.user_id, key)
        row = _row(desk, visitor, key)
        if found.client_secret and found.status not in OVER:
            return _unpaid(desk, visitor, found)
        state = _state(row)
        if row is None or (state == "pending" and found.status not in UNPAID):
            here, asked = f"/subscriptions/{key}", _waited_for()
            return pending(desk, visitor, here + asked, f"{here}/status{asked}", state)
        return desk.page(
            "subscription.html",
            visitor,
            row=row,
            found=found,
            sold=_sold(desk, found),
            state=state,
            is_good=row["status"] in GOOD,
        )

    @routes.get("/subscriptions/<key>/status")
    def subscription_status(key: str) -> Page:
        row = _row(desk, desk.visitor(), key)
        return with_headers(jsonify(state=_state(row)), DATA)


def ending(routes: Blueprint, desk: Desk) -> None:
    @routes.post("/subscriptions/<key>/cancel")
    def cancel(key: str) -> Response:
        visitor, now = desk.sender(), desk.now()
        at_end = request.form.get("when") != "now"
        subscriptions.cancel(desk.shop, visitor.user_id, key, at_end, now)
        return desk.go(f"/subscriptions/{key}?ending=yes")

    @routes.post("/subscriptions/<key>/resume")
    def resume(key: str) -> Response:
        visitor = desk.sender()
        subscriptions.resume(desk.shop, visitor.user_id, key, desk.now())
        return desk.go(f"/subscriptions/{key}?ending=no")


def _unpaid(desk: Desk, visitor: Visitor, found: OpenSubscription) -> Response:
    """Its newest bill waits for a card; it may be the bill of another plan that is to come."""
    coming = _to_come(desk)
    return desk.page(
        "bill.html",
        visitor,
        found=found,
        sold=coming or _sold(desk, found),
        changes=coming is not None and coming["price_id"] != found.price_id,
        paying=desk.paying(),
        secret=found.client_secret,
        back=f"/subscriptions/{found.id}{_waited_for()}",
    )


def _row(desk: Desk, visitor: Visitor, key: str) -> dict[str, Any] | None:
    """What the ledger has of it, if it is the visitor's."""
    rows = desk.queries.subscriptions(visitor.user_id)
    return next((row for row in rows if row["subscription_id"] == key), None)


def _sold(desk: Desk, found: OpenSubscription) -> dict[str, Any] | None:
    """What of the catalog it is for; None for a price that is not offered any more."""
    rows = desk.queries.catalog()
    return next((row for row in rows if row["price_id"] == found.price_id), None)


def _to_come(desk: Desk) -> Mapping[str, object] | None:
    """The plan the address says is changed to, if the catalog has it."""
    return catalog(desk.queries).get(f"plan:{request.args.get('plan')}")


def _waited_for() -> str:
    """The part of the address that says what is to come."""
    asked = {name: request.args[name] for name in WAITED_FOR if name in request.args}
    return f"?{urlencode(asked)}" if asked else ""


def _state(row: dict[str, Any] | None) -> str:
    """pending until the ledger has what is waited for."""
    if row is None or row["status"] in (None, "incomplete", *UNPAID):
        return "pending"
    if row["status"] in OVER:
        return "over"
    asked = request.args
    ending = "no" if row["cancel_at"] is None else "yes"
    there = (
        "plan" not in asked or f"plan:{asked['plan']}" in row["features"],
        "quantity" not in asked or asked["quantity"] == str(row["quantity"]),
        asked.get("ending", ending) == ending,
    )
    # Of two changes within one second the ledger cannot say which was last: no use to wait.
    return "active" if all(there) or row["ambiguous"] else "pending"
