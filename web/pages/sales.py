"""Checkout of what is paid once, and of what is subscribed to."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from ledger.aggregates.offering import Offer
from ledger.checkout import looking, subscriptions
from ledger.checkout.cards import saved_cards
from ledger.checkout.refusals import AlreadyBought
from ledger.checkout.registration import register as register_person
from ledger.checkout.sales import buy_group, buy_learning_path
from ledger.checkout.words import checked_id
from ledger.providers.problems import CardDeclined
from web.pages import forms
from web.pages.desk import Desk, Visitor
from web.pages.results import payment_page


def register(routes: Blueprint, desk: Desk) -> None:
    """`/checkout/learning-paths/<id>`, `/checkout/groups/<id>` and `/checkout/plans/<id>`."""
    learning_paths(routes, desk)
    groups(routes, desk)
    plans(routes, desk)


def learning_paths(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/checkout/learning-paths/<key>")
    def learning_path(key: str) -> Response:
        visitor = _buyer(desk)
        try:
            found = buy_learning_path(desk.shop, visitor.user_id, key, desk.now())
        except AlreadyBought as bought:
            return desk.go(f"/payments/{bought.payment_id}")
        return payment_page(desk, visitor, found)


def groups(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/checkout/groups/<key>")
    def group(key: str) -> Response:
        visitor = _buyer(desk)
        offer = looking.group(desk.shop, key)
        if offer.premium == "recurring":
            checked_id("cart_id", forms.chosen("cart_id") or "")
        if offer.premium != "one_time":
            return _offered(desk, visitor, offer)
        try:
            found = buy_group(desk.shop, visitor.user_id, key, desk.now())
        except AlreadyBought as bought:
            return desk.go(f"/payments/{bought.payment_id}")
        return (
            desk.page("joined.html", visitor, offer=offer)
            if found is None
            else payment_page(desk, visitor, found)
        )

    @routes.post("/checkout/groups/<key>")
    def join(key: str) -> Response:
        visitor, now = desk.sender(), desk.now()
        offer = looking.group(desk.shop, key)
        if offer.premium == "free":
            buy_group(desk.shop, visitor.user_id, key, now)
            return desk.page("joined.html", visitor, offer=offer)
        card, cart = forms.chosen("card"), forms.chosen("cart_id") or ""
        units = forms.quantity() or 1
        try:
            found = subscriptions.subscribe_group(
                desk.shop, visitor.user_id, key, cart, units, card, now
            )
        except CardDeclined as declined:
            return _offered(desk, visitor, offer, declined.sentence)
        return desk.go(f"/subscriptions/{found.id}")


def plans(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/checkout/plans/<key>")
    def plan_offered(key: str) -> Response:
        return _offered(desk, _buyer(desk), looking.plan(desk.shop, key))

    @routes.post("/checkout/plans/<key>")
    def subscribe(key: str) -> Response:
        visitor = desk.sender()
        card, units = forms.chosen("card"), forms.quantity() or 1
        try:
            found = subscriptions.subscribe(
                desk.shop, visitor.user_id, key, units, card, desk.now()
            )
        except CardDeclined as declined:
            return _offered(desk, visitor, looking.plan(desk.shop, key), declined.sentence)
        return desk.go(f"/subscriptions/{found.id}")


def _buyer(desk: Desk) -> Visitor:
    """The visitor, whom the provider knows from now on if it did not."""
    visitor = desk.visitor()
    desk.paying()
    register_person(desk.shop, visitor.person, desk.now())
    return visitor


def _offered(desk: Desk, visitor: Visitor, offer: Offer, problem: str = "") -> Response:
    """What can be subscribed to, or joined for nothing; it keeps what was typed."""
    return desk.page(
        "subscribe.html",
        visitor,
        402 if problem else 200,
        offer=offer,
        cards=saved_cards(desk.shop, visitor.user_id) if offer.price else [],
        problem=problem,
        quantity=forms.quantity() or 1,
        cart_id=forms.chosen("cart_id"),
        chosen=forms.chosen("card"),
    )
