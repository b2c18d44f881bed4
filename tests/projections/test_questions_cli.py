"""`billing unmatched`, `claim` and `ambiguous`: what waits for a person, and their word."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from ledger.application import Inbox
from ledger.cli import main
from projections.schema import migrate
from tests.ledger.providers.stripe.mirrored_objects import payment_method
from tests.ledger.providers.stripe.objects import Json, payment_intent, session
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.projections.ledger import NAMES


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    migrate(database_url)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def billing(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def worked_off(url: str, *events: Json) -> None:
    inbox = Inbox(url, NAMES, pool_size=1)
    for each in events:
        inbox.receive(delivery(each))
    inbox.close()
    assert billing("work", "--until-idle").exit_code == 0


def paid_by_nobody(**changes: object) -> Json:
    named = {"customer": None, "metadata": {"credits": "50"}, "amount_received": 1000, **changes}
    return event("payment_intent.succeeded", payment_intent(**named))


def test_a_payment_of_nobody_is_listed_until_it_is_claimed_and_counts_from_then_on(
    url: str,
) -> None:
    worked_off(url, paid_by_nobody())

    assert [row["purchase_id"] for row in json.loads(billing("unmatched", "--json").output)] == [
        "pi_1"
    ]
    assert billing("claim", "pi_1", "ann").output == "pi_1 is ann's\n"
    assert billing("work", "--until-idle").exit_code == 0
    assert billing("unmatched").output == "every payment is somebody's\n"
    assert billing("claim", "pi_1", "ann").exit_code == 0  # said twice is said once


def test_a_claim_moves_nothing_from_one_customer_to_another(url: str) -> None:
    worked_off(url, paid_by_nobody(metadata={"user_id": "bob"}))

    refused = billing("claim", "pi_1", "ann")

    assert refused.exit_code == 1
    assert refused.output == "Error: payment pi_1 is bob's already\n"


def test_contradicting_reports_are_listed_with_what_each_says(url: str) -> None:
    worked_off(
        url,
        paid_by_nobody(),
        event("checkout.session.completed", session(amount_total=5000, payment_intent="pi_1")),
    )

    listed = billing("ambiguous").output

    assert "conflict=intent says 10.00 USD; checkout says 50.00 USD" in listed


def test_every_view_that_marks_doubts_is_asked_for_them(url: str) -> None:
    visa, amex = (
        payment_method(card={"brand": brand, "last4": "4242"}) for brand in ("visa", "amex")
    )
    worked_off(
        url,
        event("payment_method.updated", visa, id="evt_1"),
        event("payment_method.updated", amex, id="evt_2"),
    )

    assert json.loads(billing("ambiguous", "--json").output) == [
        {"view": "payment_methods", "id": "pm_1", "account": "", "conflict": None}
    ]
