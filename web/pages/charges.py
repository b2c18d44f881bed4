"""Make a payment: charges on the account, those past due or all; the amount is worked out here."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from ledger.checkout import looking
from ledger.checkout.account_payments import get_or_create_payment, payable
from web.pages.desk import Desk


def register(routes: Blueprint, desk: Desk) -> None:
    """`/account/charges`."""

    @routes.get("/account/charges")
    def charges() -> Response:
        visitor, now = desk.visitor(), desk.now()
        rows = list(looking.charges(desk.shop, visitor.user_id).values())
        due = payable(desk.shop, visitor.user_id, now)
        return desk.page("charges.html", visitor, rows=rows, payable=due, now=now)

    @routes.post("/account/charges")
    def pay_charges() -> Response:
        visitor = desk.sender()
        past_due_only = request.form.get("which") == "past_due"
        asked = get_or_create_payment(desk.shop, visitor.person, past_due_only, desk.now())
        return desk.go(f"/payments/{asked.payment.id}")
