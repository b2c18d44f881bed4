"""Credits are spent once a key, never more than there are, and a refusal says the balance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from ledger.aggregates.credit_wallet import CreditWallet
from ledger.commands import decided
from ledger.effects import Grant
from tests.ledger.given import SCOPE, why
from tests.web.api.calling import KEYS, Api

PATH = "POST /v1/customers/ann/credits/spend"


@pytest.fixture
def rich(api: Api) -> Api:
    """Ann has ten credits."""
    stream = SCOPE.stream(CreditWallet.CATEGORY, "ann")
    decided(
        api.office.ledger, CreditWallet, stream, lambda it: it.hold("pi_1", Grant("ann", 10), why())
    )
    return api


def spend(api: Api, credits: int, key: str) -> TestResponse:
    return api.call(PATH, {"credits": credits}, auth=KEYS["credits"], key=key)


def test_a_key_spends_once_and_is_answered_alike(rich: Api) -> None:
    answers = [spend(rich, 4, "job-1").get_json() for _ in range(2)]

    assert (
        answers
        == [
            {"granted": 10, "spent": 4, "revoked": 0, "available": 6, "shortfall": 0},
        ]
        * 2
    )


def test_spending_more_than_there_is_says_the_balance(rich: Api) -> None:
    spend(rich, 4, "job-1")

    answer = spend(rich, 7, "job-2")

    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.get_json(force=True) == {
        "type": "about:blank",
        "title": "InsufficientCredits",
        "status": 409,
        "detail": "ann has 6 credits, 7 were asked for",
        "balance": 6,
        "wanted": 7,
    }
    assert spend(rich, 6, "job-2").get_json()["available"] == 0


def test_a_key_does_not_stand_for_something_else(rich: Api) -> None:
    spend(rich, 4, "job-1")

    answer = spend(rich, 5, "job-1")

    assert (answer.status_code, answer.get_json(force=True)["title"]) == (422, "KeyReused")


def test_many_at_once_never_spend_more_than_there_is(rich: Api) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: spend(rich, 1, f"job-{n % 15}").status_code, range(30)))

    assert set(answers) <= {200, 409, 503}
    assert 409 in answers
    again = [spend(rich, 1, f"job-{n}").status_code for n in range(15)]
    assert sorted(again) == [200] * 10 + [409] * 5
    assert spend(rich, 1, "job-99").get_json(force=True)["balance"] == 0


def test_a_customers_token_spends_nothing(rich: Api) -> None:
    answer = rich.call(PATH, {"credits": 1}, auth=rich.token("ann"), key="k")

    assert answer.get_json(force=True)["title"] == "NotForTokens"
