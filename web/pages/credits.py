"""Credits: a package is picked, and paid on the provider's page, which is embedded in ours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from ledger.checkout import looking
from ledger.checkout.credits import buy_credits, packages
from ledger.checkout.refusals import NotOffered
from web.pages import forms
from web.pages.desk import Desk

BACK = "/credits?session_id={CHECKOUT_SESSION_ID}"
"""Where the provider sends the payer; it puts the id of the session in."""


def register(routes: Blueprint, desk: Desk) -> None:
    """`/checkout/credits`, `/checkout/credits/<session>` and `/credits`."""
    picking(routes, desk)
    paying_for(routes, desk)


def picking(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/checkout/credits")
    def pick_credits() -> Response:
        visitor = desk.visitor()
        desk.paying()
        balance = desk.queries.balance(visitor.user_id)
        told: dict[str, Any] = {
            "packages": packages(desk.shop),
            "balance": balance,
            "key": forms.new_key(),
        }
        return desk.page("credits.html", visitor, **told)

    @routes.post("/checkout/credits")
    def open_session() -> Response:
        visitor = desk.sender()
        session = buy_credits(
            desk.shop,
            visitor.person,
            request.form.get("price_id", ""),
            forms.quantity() or 1,
            desk.address() + BACK,
            hosted=False,
            key=forms.chosen("key") or forms.new_key(),
            now=desk.now(),
        )
        return desk.go(f"/checkout/credits/{session.id}")


def paying_for(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/checkout/credits/<session_id>")
    def pay_session(session_id: str) -> Response:
        visitor, paying = desk.visitor(), desk.paying()
        session = looking.session(desk.shop, visitor.user_id, session_id)
        if session.status != "open":
            return desk.go(f"/credits?session_id={session.id}")
        return desk.page("embedded.html", visitor, paying=paying, secret=session.client_secret)

    @routes.get("/credits")
    def came_back() -> Response:
        visitor = desk.visitor()
        key = request.args.get("session_id", "")
        session = looking.session(desk.shop, visitor.user_id, key)
        if session.status == "open":
            return desk.go(f"/checkout/credits/{session.id}")
        if session.status == "expired":
            raise NotOffered("credit session", session.id)
        return desk.go(f"/payments/{session.payment_id or session.id}")
