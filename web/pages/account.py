"""The account: plan, subscriptions, credits, cards, charges and receipts in one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from ledger.checkout.account_payments import payable
from ledger.checkout.cards import saved_cards
from ledger.providers.outbound import OVER, UNPAID, Card
from ledger.providers.problems import ProviderProblem
from projections.queries import Page
from web.access.problems import NotConfigured
from web.pages import forms
from web.pages.desk import Desk, Visitor, catalog

RECEIPTS = 50
"""How many are shown, the newest first; the API has them all."""


def register(routes: Blueprint, desk: Desk) -> None:
    """`/account`."""

    @routes.get("/account")
    def account() -> Response:
        visitor = desk.visitor()
        queries, user_id = desk.queries, visitor.user_id
        held = [row for row in queries.subscriptions(user_id) if row["status"] not in OVER]
        offered = catalog(queries)
        entries = [row for name, row in offered.items() if name.startswith("plan:")]
        return desk.page(
            "account.html",
            visitor,
            catalog=offered,
            plan_id=current_plan(desk, visitor),
            plans=sorted((row for row in entries if not row["beside"]), key=_dearness),
            products=[row for row in entries if row["beside"]],
            subscriptions=[row for row in held if row["status"]],
            unpaid=("incomplete", *UNPAID),
            subscribed={each for row in held for each in row["features"]},
            balance=queries.balance(user_id),
            access=[row for row in queries.entitlements(user_id) if row["active"]],
            receipts=_receipts(desk, user_id),
            cards=_cards(desk, user_id),
            payable=payable(desk.shop, user_id, desk.now()),
            sells_credits=desk.shop.brand.credits_product_id is not None,
            key=forms.new_key(),
        )


def _dearness(row: Mapping[str, Any]) -> tuple[int, str]:
    return row["amount_minor"] or 0, row["name"]


def _receipts(desk: Desk, user_id: str) -> list[dict[str, Any]]:
    """The newest receipts of money; what was bought without a bill has the words of its payment."""
    page = Page(RECEIPTS)
    bought = {row["purchase_id"]: row for row in desk.queries.purchases(user_id, page=page)}
    paid = [row for row in desk.queries.receipts(user_id, page=page) if row["amount_paid_minor"]]
    return [{**row, "bought": bought.get(row["invoice_id"])} for row in paid[:RECEIPTS]]


def _cards(desk: Desk, user_id: str) -> list[Card] | None:
    """The saved cards; None while the provider cannot be asked, for the rest is ours to show."""
    try:
        return saved_cards(desk.shop, user_id)
    except (ProviderProblem, NotConfigured):
        return None


def current_plan(desk: Desk, visitor: Visitor) -> str | None:
    """The plan the ledger says the visitor has now."""
    periods = desk.queries.plan_periods(visitor.user_id)
    return next((str(row["plan_id"]) for row in periods if row["held_until"] is None), None)
