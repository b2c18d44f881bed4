"""Checkout of what is paid once: learning paths, and groups that are."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from ledger.checkout.refusals import AlreadyBought
from ledger.checkout.registration import register as register_person
from ledger.checkout.sales import buy_learning_path
from web.pages.desk import Desk
from web.pages.results import payment_page


def register(routes: Blueprint, desk: Desk) -> None:
    """`/checkout/learning-paths/<id>`."""

    @routes.get("/checkout/learning-paths/<key>")
    def learning_path(key: str) -> Response:
        visitor = desk.visitor()
        desk.paying()
        register_person(desk.shop, visitor.person, desk.now())
        try:
            found = buy_learning_path(desk.shop, visitor.user_id, key, desk.now())
        except AlreadyBought as bought:
            return desk.go(f"/payments/{bought.payment_id}")
        return payment_page(desk, visitor, found)
