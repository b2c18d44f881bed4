"""Saving a card, alone or on the way to a plan; its number never comes here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from ledger.checkout import looking
from ledger.checkout.cards import add_card, use_new_card
from web.pages import forms
from web.pages.desk import Desk
from web.pages.plans import changed


def register(routes: Blueprint, desk: Desk) -> None:
    """`/account/cards` and `/account/cards/<setup>`."""

    @routes.get("/account/cards")
    def saved() -> Response:
        desk.visitor()
        return desk.go("/account#cards")

    @routes.post("/account/cards")
    def begin() -> Response:
        visitor = desk.sender()
        key = forms.chosen("key") or forms.new_key()
        setup = add_card(desk.shop, visitor.person, key, desk.now())
        return desk.go(f"/account/cards/{setup.id}")

    @routes.get("/account/cards/<setup_id>")
    def card(setup_id: str) -> Response:
        visitor, paying = desk.visitor(), desk.paying()
        setup = looking.setup(desk.shop, visitor.user_id, setup_id)
        plan_id = forms.chosen("plan")
        offer = looking.plan(desk.shop, plan_id) if plan_id else None
        told: dict[str, Any] = {"plan_id": plan_id, "offer": offer, "quantity": forms.quantity()}
        if setup.state == "succeeded":
            return desk.page("card_saved.html", visitor, setup=setup, **told)
        back = f"/account/cards/{setup_id}" + _query()
        secret = setup.client_secret
        return desk.page("new_card.html", visitor, paying=paying, secret=secret, back=back, **told)

    @routes.post("/account/cards/<setup_id>")
    def use(setup_id: str) -> Response:
        visitor = desk.sender()
        card = use_new_card(desk.shop, visitor.user_id, setup_id, desk.now())
        plan_id = forms.chosen("plan")
        if plan_id is None:
            return desk.go("/account#cards")
        return changed(desk, visitor, plan_id, forms.quantity(), card.id)


def _query() -> str:
    """What the card is for, without what a bank's page added to the address."""
    asked = {name: request.args[name] for name in ("plan", "quantity") if name in request.args}
    return f"?{urlencode(asked)}" if asked else ""
