"""Changing the plan: what it would cost, by which card, and, without one, a card first."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint
from werkzeug.wrappers import Response

from ledger.checkout import looking
from ledger.checkout.cards import add_card, saved_cards
from ledger.checkout.refusals import CardNeeded, NotSubscribed
from ledger.checkout.registration import register as register_person
from ledger.checkout.subscriptions import change_plan, preview_change
from ledger.providers.outbound import Preview
from ledger.providers.problems import CardDeclined
from web.pages import forms
from web.pages.account import current_plan
from web.pages.desk import Desk, Visitor

NEW = "new"  # what a form says for a card that is not saved yet


def register(routes: Blueprint, desk: Desk) -> None:
    """`/account/plan/<id>`."""

    @routes.get("/account/plan/<plan_id>")
    def plan(plan_id: str) -> Response:
        visitor = desk.visitor()
        desk.paying()
        register_person(desk.shop, visitor.person, desk.now())
        return plan_page(desk, visitor, plan_id, forms.quantity())

    @routes.post("/account/plan/<plan_id>")
    def change(plan_id: str) -> Response:
        visitor, units, card_id = desk.sender(), forms.quantity(), forms.chosen("card")
        if card_id == NEW:
            return _by_new_card(desk, visitor, plan_id, units)
        try:
            return changed(desk, visitor, plan_id, units, card_id)
        except CardNeeded:
            return _by_new_card(desk, visitor, plan_id, units)


def changed(
    desk: Desk, visitor: Visitor, plan_id: str, units: int | None, card_id: str | None
) -> Response:
    """The plan changed, and on to where that is seen; a declined card changes nothing."""
    try:
        found = change_plan(desk.shop, visitor.user_id, plan_id, units, card_id, desk.now())
    except CardDeclined as declined:
        return plan_page(desk, visitor, plan_id, units, declined.sentence)
    return desk.go(f"/subscriptions/{found.id}?{_query(plan_id, units)}")


def plan_page(
    desk: Desk, visitor: Visitor, plan_id: str, units: int | None, problem: str = ""
) -> Response:
    """What the change would cost, with what was chosen kept."""
    return desk.page(
        "plan.html",
        visitor,
        402 if problem else 200,
        plan_id=plan_id,
        offer=looking.plan(desk.shop, plan_id),
        is_current=current_plan(desk, visitor) == plan_id,
        preview=_preview(desk, visitor, plan_id, units),
        cards=saved_cards(desk.shop, visitor.user_id),
        chosen=forms.chosen("card"),
        quantity=units,
        problem=problem,
        key=forms.new_key(),
    )


def _by_new_card(desk: Desk, visitor: Visitor, plan_id: str, units: int | None) -> Response:
    """A card first, and the plan once it is saved."""
    key = forms.chosen("key") or forms.new_key()
    setup = add_card(desk.shop, visitor.person, key, desk.now())
    return desk.go(f"/account/cards/{setup.id}?{_query(plan_id, units)}")


def _preview(desk: Desk, visitor: Visitor, plan_id: str, units: int | None) -> Preview | None:
    """None where there is no plan yet that could be changed."""
    try:
        return preview_change(desk.shop, visitor.user_id, plan_id, units)
    except NotSubscribed:
        return None


def _query(plan_id: str, units: int | None) -> str:
    return urlencode({"plan": plan_id, **({"quantity": units} if units else {})})
