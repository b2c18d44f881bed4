"""How amounts, times, numbers, cards and nameless goods are said, by language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from ledger.money import MINOR_DIGITS, Money

SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}
NO_BREAK = "\N{NO-BREAK SPACE}"
BRANDS = {
    **{"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "jcb": "JCB"},
    **{"discover": "Discover", "diners": "Diners Club", "unionpay": "UnionPay"},
}
MONTHS = {
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
        *("August", "September", "Oktober", "November", "Dezember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


def number(of: int, language: str) -> str:
    """1,234 or 1.234."""
    return f"{of:,}".replace(",", {"de": "."}.get(language, ","))


def money(of: Money, language: str) -> str:
    """$49.00, 49,00 $, 49.00 CHF or 4,900 JPY; what belongs together stays in one line."""
    digits, sign = MINOR_DIGITS[of.currency], SIGNS.get(of.currency)
    whole, rest = divmod(of.minor, 10**digits)
    point = {"de": ","}.get(language, ".")
    amount = number(whole, language) + (f"{point}{rest:0{digits}d}" if digits else "")
    if sign and language == "en":
        return sign + amount
    return f"{amount}{NO_BREAK}{sign or of.currency.upper()}"


def day(at: datetime | None, language: str) -> str:
    """1 October 2026, or 1. Oktober 2026; days are those of UTC. Nothing for no time."""
    if at is None:
        return ""
    at = at.astimezone(UTC)
    point = {"de": "."}.get(language, "")
    return f"{at.day}{point} {MONTHS[language][at.month - 1]} {at.year}"


def moment(at: datetime | None, language: str) -> str:
    """1 October 2026, 12:00 UTC, or 1. Oktober 2026, 12:00 Uhr (UTC)."""
    if at is None:
        return ""
    clock = "{:%H:%M} Uhr (UTC)" if language == "de" else "{:%H:%M} UTC"
    return f"{day(at, language)}, {clock.format(at.astimezone(UTC))}"


def last_month(end: datetime, language: str) -> str:
    """December 2026, of what is good until that month is over."""
    last = end.astimezone(UTC) - timedelta(seconds=1)
    return f"{MONTHS[language][last.month - 1]} {last.year}"


def card(brand: str) -> str:
    """The name of a brand of cards; nothing for what is none."""
    return BRANDS.get(brand, "")


def line(text: str) -> str:
    """A text of several lines as one; what is marked as HTML stays that, spaces that bind stay."""
    return type(text)(re.sub(r"[^\S\N{NO-BREAK SPACE}]+", " ", text).strip(" \n"))


def item(words: Mapping[str, str | int], language: str) -> str:
    """The name of what a mail is about, or what it is where it has none."""
    if words.get("item_credits"):
        credits = int(words["item_credits"])
        name = {"de": "Credit"}.get(language, "credit") + ("s" if credits != 1 else "")
        return f"{number(credits, language)} {name}"
    if words.get("item_account"):
        return {"de": "offene Beträge Ihres Kontos"}.get(language, "charges on your account")
    return str(words.get("item") or "")


FILTERS: dict[str, Callable[..., str]] = {
    each.__name__: each for each in (number, money, day, moment, last_month)
}
"""What templates can have said, in a language."""
