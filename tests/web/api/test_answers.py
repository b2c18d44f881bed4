"""What customers have and paid is what finance's tables say, in the form the document promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
import pytest

from tests.web.api.calling import KEYS, Api
from tests.web.api.conformity import conforms
from web.sandbox.deliveries import simulated

Json = dict[str, Any]
EVERYBODY = """
    SELECT customer_id FROM finance.entitlements UNION SELECT customer_id FROM finance.balances
    UNION SELECT customer_id FROM finance.purchases WHERE customer_id IS NOT NULL ORDER BY 1
"""


@pytest.fixture
def users(api: Api) -> list[str]:
    """The customers a ledger has heard of, each with another life."""
    for delivery in simulated(60, seed=2):
        api.inbox.receive(delivery)
    api.work()
    with psycopg.connect(api.url) as connection:
        return [user_id for (user_id,) in connection.execute(EVERYBODY)]


def read(api: Api, user_id: str, what: str, auth: str) -> Json:
    response = api.call(f"GET /v1/customers/{user_id}/{what}", auth=auth)
    assert response.status_code == 200, response.get_data(as_text=True)
    told: Json = response.get_json()
    return told


LISTS = {
    "entitlements": "listEntitlements",
    "purchases": "listPurchases",
    "receipts": "listReceipts",
    "subscriptions": "listSubscriptions",
}


def test_customers_read_their_own_rows_with_nothing_left_out(api: Api, users: list[str]) -> None:
    seen = dict.fromkeys(LISTS, 0)
    for user_id in users:
        for what, name in LISTS.items():
            told = read(api, user_id, what, api.token(user_id))
            conforms(name, told)
            assert told == read(api, user_id, what, KEYS["read"])
            kept = getattr(api.office.queries, what)(user_id)
            assert told["data"] == [as_told(row, told["data"][0]) for row in kept]
            seen[what] += len(kept)
    assert all(seen.values()), seen


def as_told(kept: Json, told: Json) -> Json:
    """A row of a view as the API tells it: times as text, with their offset."""
    values = {name: kept[name] for name in told}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def test_credits_and_access_are_those_of_the_tables(api: Api, users: list[str]) -> None:
    wallets, answers = 0, set()
    for user_id in (*users, "nobody"):
        kept = api.office.queries.balance(user_id)
        told = read(api, user_id, "balance", KEYS["read"])
        conforms("getBalance", told)
        assert told == {name: kept[name] if kept else 0 for name in told}
        wallets += kept is not None
        for given in api.office.queries.entitlements(user_id):
            feature = given["feature"]
            told = read(api, user_id, f"access?feature={feature}", KEYS["read"])
            conforms("mayUse", told)
            assert told["feature"] == feature
            answers.add(told["allowed"])
    assert wallets
    assert answers == {True, False}
    assert not read(api, "nobody", "access?feature=x", KEYS["read"])["allowed"]
