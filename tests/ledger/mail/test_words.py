"""Amounts, times and goods are said as readers of a language expect them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from ledger.checkout.brand import Brand
from ledger.mail.letter import Letter
from ledger.mail.sending import TEMPLATES
from ledger.mail.templates import Written, written
from ledger.mail.words import NO_BREAK, day, item, last_month, moment, money, number
from ledger.money import Money
from ledger.settings.mail import LANGUAGES
from tests.ledger.given import START, usd
from tests.ledger.mail.test_sending import ALL

BRAND = Brand("Learn & Co", "https://learn.example/account")
AT = datetime(2026, 10, 1, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "english", "german"),
    [
        (Money(4900, "usd"), "$49.00", "49,00 $"),
        (Money(123456705, "eur"), "€1,234,567.05", "1.234.567,05 €"),
        (Money(4900, "chf"), "49.00 CHF", "49,00 CHF"),
        (Money(4900, "jpy"), "4,900 JPY", "4.900 JPY"),
        (Money(1005, "kwd"), "1.005 KWD", "1,005 KWD"),
        (Money(0, "usd"), "$0.00", "0,00 $"),
    ],
)
def test_an_amount_is_said_as_its_reader_writes_it(
    amount: Money, english: str, german: str
) -> None:
    assert money(amount, "en").replace(NO_BREAK, " ") == english
    assert money(amount, "de").replace(NO_BREAK, " ") == german


def test_days_and_moments_are_said_in_words() -> None:
    assert day(AT, "en") == "1 October 2026"
    assert day(AT, "de") == "1. Oktober 2026"
    assert moment(AT, "en") == "1 October 2026, 09:05 UTC"
    assert moment(AT, "de") == "1. Oktober 2026, 09:05 Uhr (UTC)"
    assert number(1500, "de") == "1.500"


def test_a_card_is_good_until_the_end_of_its_last_month() -> None:
    assert last_month(datetime(2027, 1, 1, tzinfo=UTC), "en") == "December 2026"
    assert last_month(datetime(2027, 3, 1, tzinfo=UTC), "de") == "Februar 2027"


def test_goods_without_a_name_are_said_to_be_what_they_are() -> None:
    assert item({"item": "Chess"}, "en") == "Chess"
    assert item({"item_credits": 1}, "en") == "1 credit"
    assert item({"item_credits": 1500}, "de") == "1.500 Credits"
    assert item({"item_account": 1}, "en") == "charges on your account"
    assert item({}, "en") == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_text_and_html_say_the_same(template: str, language: str) -> None:
    words = written(template, language, ALL, BRAND)

    assert said_in_html(words) == said_in_text(words)


def said_in_text(words: Written) -> list[str]:
    text = words.text.replace(BRAND.url, "").replace("\n-- \n", "\n")
    return (words.subject + " " + text).replace(":", " ").split()


def said_in_html(words: Written) -> list[str]:
    _, _, shown = words.html.partition("<body")
    text = re.sub(r"<[^>]*>", " ", "<body" + shown)
    _, _, rest = text.strip().partition("\n")  # whose mail it is stands in the sender's name, too
    return unescape(rest).replace(":", " ").split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mail_fetches_nothing(template: str, language: str) -> None:
    html = written(template, language, ALL, BRAND).html

    assert re.findall(r"https?://[^\"]*", html) == [BRAND.url]
    assert not re.search(r"<(img|link|script|iframe|style)|src=|url\(|@import", html)


@pytest.mark.parametrize("status", ["open", "won", "lost"])
def test_a_dispute_is_told_by_how_it_stands(status: str) -> None:
    letter = Letter("", START, {"disputed": usd(900)}, words={"status": status})

    words = written("dispute", "en", letter, BRAND)

    assert ("is decided" in words.subject) == (status != "open")
    assert "$9.00" in words.subject


@pytest.mark.parametrize(("left", "said"), [(0, "no credits"), (1, "1 credit"), (7, "7 credits")])
def test_few_credits_are_counted_as_people_count(left: int, said: str) -> None:
    letter = Letter("", START, words={"available": left})

    assert f"You have {said} left at" in written("credits_low", "en", letter, BRAND).text


def test_a_name_with_lines_of_its_own_stays_in_its_line() -> None:
    letter = Letter("", START, {"paid": usd(1)}, {"paid_at": START}, {"number": "1"})
    evil = Letter("", START, letter.amounts, letter.times, {"number": "1\n\nSend money to: eve"})

    text = written("receipt", "en", evil, BRAND).text

    assert "Reference: 1 Send money to: eve\n" in text
