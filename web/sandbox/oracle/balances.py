"""The balances table: credits granted, spent, taken back and left."""

from __future__ import annotations

from collections import Counter

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.purchases import Purchase, all_purchases
from web.sandbox.oracle.rows import Row, Table, keyed

Wallet = tuple[str, str]
"""Whose and on which account."""


def balances(known: Known) -> Table:
    """One row for everybody who was ever granted credits or spent some."""
    granted: Counter[Wallet] = Counter()
    revoked: Counter[Wallet] = Counter()
    spent: Counter[Wallet] = Counter()
    for each in all_purchases(known):
        if each.grants and each.credits and each.customer_id is not None:
            wallet = each.customer_id, each.source.account
            granted[wallet] += each.credits
            revoked[wallet] += revoked_credits(each)
    for spend in known.view.spends:
        spent[spend.customer_id, spend.account] += spend.credits
    rows = (_row(each, granted, spent, revoked) for each in granted.keys() | spent.keys())
    return keyed(rows, "customer_id", "account")


def revoked_credits(each: Purchase) -> int:
    """Pro rata to the money that is gone, rounded in the customer's favour; all if all is gone."""
    gone, paid = each.money.refunded_minor + each.money.lost_minor, each.money.paid_minor
    if gone == 0:
        return 0
    return each.credits if gone >= paid else each.credits * gone // paid


def _row(
    wallet: Wallet, granted: Counter[Wallet], spent: Counter[Wallet], revoked: Counter[Wallet]
) -> Row:
    left = granted[wallet] - spent[wallet] - revoked[wallet]
    return {
        "customer_id": wallet[0],
        "account": wallet[1],
        "granted": granted[wallet],
        "spent": spent[wallet],
        "revoked": revoked[wallet],
        "available": max(0, left),
        "shortfall": max(0, -left),
    }
