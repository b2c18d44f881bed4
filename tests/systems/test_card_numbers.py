"""A card number goes from the page to Stripe: our server never sees it, writes it or keeps it."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import CREDITS, PUBLISHABLE_KEY, Installation

NUMBERS = ("4242424242424242", "4000002760003184", "000123456789")
PAGE = "https://lead.example/back"


def test_no_card_number_is_in_an_answer_a_log_or_any_table(
    house: Installation, ann: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.call("PUT catalog/learning-paths/7", {"name": "Python", "price": usd(500)})
    payment = ann.call("POST learning-paths/7/payment")
    ann.pays(payment["client_secret"], card_made_in_the_page(house))
    for number in (NUMBERS[0], NUMBERS[2]):
        visit = ann.call("POST credit-sessions", visit_body(house), key=number[-4:])
        house.sandbox(f"checkout/sessions/{visit['id']}/pay", card=number)
    house.days_pass(1)
    answers = [ann.rows(path) for path in ("purchases", "receipts", "cards", "entitlements")]

    assert ann.may_use("learning_path:7")
    assert any(payment["id"] in row for row in everything(house))  # so it would be found
    for number in NUMBERS:
        assert number not in str(answers)
        assert number not in caplog.text
        assert found(house, number) == []


def test_a_card_number_sent_to_us_by_mistake_is_refused_and_not_kept(
    house: Installation, ann: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    number = NUMBERS[1]
    card = {"card": {"number": number, "exp_month": 4, "exp_year": 2030, "cvc": "123"}}

    told = ann.refused("POST card-setups", card, key="oops")
    house.settle()

    assert told == (422, "Invalid")
    assert number not in caplog.text
    assert found(house, number) == []


def card_made_in_the_page(house: Installation) -> str:
    """A method Stripe's own script makes there, with the publishable key."""
    page: Any = house.library(PUBLISHABLE_KEY).v1.payment_methods
    card = {"number": NUMBERS[0], "exp_month": 4, "exp_year": 2030, "cvc": "123"}
    return str(page.create({"type": "card", "card": card}).id)


def visit_body(house: Installation) -> Json:
    listed = house.call("GET catalog/credit-packages")["data"]
    if not listed:
        house.at_stripe("POST /v1/products", id=CREDITS, name="Credits")
        price: Any = {"product": CREDITS, "currency": "usd", "unit_amount": 500}
        whole = {"divide_by": 50, "round": "up"}
        house.at_stripe("POST /v1/prices", **price, transform_quantity=whole)
        return visit_body(house)
    return {"price_id": listed[0]["price_id"], "return_url": PAGE, "hosted": True}


TABLES = (
    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN"
    " ('pg_catalog', 'information_schema')"
)
HOLDS = SQL("SELECT t.*::text FROM {}.{} t")


def everything(house: Installation) -> list[str]:
    """Every row of every table of ours as text, and what both logs keep as it was stored."""
    rows: list[str] = []
    with psycopg.connect(house.url, autocommit=True) as database:
        for table in database.execute(TABLES).fetchall():
            query = HOLDS.format(*map(Identifier, table))
            rows += [text for (text,) in database.execute(query).fetchall()]
        for schema in (house.settings.names.inbox, house.settings.names.ledger):
            query = SQL("SELECT state FROM {}.events").format(Identifier(schema))
            states = database.execute(query).fetchall()
            rows += [bytes(state).decode("utf-8", "replace") for (state,) in states]
    return rows


def found(house: Installation, number: str) -> list[str]:
    """The rows with a card number in them."""
    return [row[:200] for row in everything(house) if number in row]


def usd(minor: int) -> Json:
    return {"minor": minor, "currency": "usd"}
