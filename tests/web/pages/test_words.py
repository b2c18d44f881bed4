"""Amounts, dates and cards as customers read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from web.pages import words


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (4900, "usd", "$49.00"),
        (123456789, "eur", "€1,234,567.89"),
        (-900, "gbp", "-£9.00"),
        (4900, "jpy", "4,900 JPY"),
        (1500, "kwd", "1.500 KWD"),
        (0, "chf", "0.00 CHF"),
    ],
)
def test_amounts_have_their_currencys_digits(minor: int, currency: str, said: str) -> None:
    assert words.money(minor, currency) == said


def test_what_costs_nothing_is_free() -> None:
    assert words.price(0, "usd", "month") == "free"
    assert words.price(None, None) == "free"
    assert words.price(900, "usd", "month") == "$9.00 a month"


def test_dates_and_cards_are_said_in_full() -> None:
    assert words.day(datetime(2026, 3, 7, 23, tzinfo=UTC)) == "7 March 2026"
    assert words.expires("2030-04") == "04/2030"


def test_what_the_catalog_does_not_know_keeps_its_own_name() -> None:
    assert words.feature("plan:pro", {"plan:pro": {"name": "Pro"}}) == "Pro"
    assert words.feature("early_access", {}) == "early access"
