"""How amounts, dates, cards and statuses are said to a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ledger.money import MINOR_DIGITS

SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}

STATUSES = {
    "incomplete": "waiting for its first payment",
    "past_due": "payment overdue",
    "unpaid": "payment overdue",
    "trialing": "trial",
    "canceled": "ended",
    "incomplete_expired": "ended",
}
"""A subscription's status -> what a customer calls it."""


def money(minor: int, currency: str) -> str:
    """$49.00, 49.00 CHF or 4,900 JPY, with a minus for what comes back."""
    digits = MINOR_DIGITS[currency]
    amount = f"{abs(minor) / 10**digits:,.{digits}f}"
    minus = "-" if minor < 0 else ""
    sign = SIGNS.get(currency)
    return f"{minus}{sign}{amount}" if sign else f"{minus}{amount} {currency.upper()}"


def price(minor: int | None, currency: str | None, each: str | None = None) -> str:
    """What an offer costs, and how often."""
    if not minor or currency is None:
        return "free"
    return money(minor, currency) + (f" a {each}" if each else "")


def day(at: datetime) -> str:
    """20 November 2026; days are those of UTC."""
    return f"{at.day} {at:%B %Y}"


def status(of: str | None) -> str:
    return STATUSES.get(of or "", of or "unknown")


def expires(text: str) -> str:
    """Of a card: 04/2030, from 2030-04."""
    year, _, month = text.partition("-")
    return f"{month}/{year}"


def feature(name: str, catalog: Mapping[str, Mapping[str, Any]]) -> str:
    """The name of what a feature stands for, or the feature itself."""
    found = catalog.get(name)
    return str(found["name"]) if found and found["name"] else name.replace("_", " ")
