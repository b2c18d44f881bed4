"""The API as `billing serve` serves it: two processes, keys from the command, tokens for both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.providers.stripe.signature import header
from projections.schema import migrate
from tests.ledger.providers.stripe.payloads import EVENTS, body
from tests.web.conftest import SECRET
from tests.web.server import Serving, serving
from web.access.keys import MOST_AGE

SCOPES = ("read", "checkout", "credits")


@pytest.fixture
def key(database_url: str) -> str:
    migrate(database_url)
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    issued = CliRunner(env={"DATABASE_URL": database_url}).invoke(
        main, ["keys", "issue", "shop", *scopes]
    )
    return issued.stdout.strip()


@pytest.fixture
def server(database_url: str) -> Iterator[Serving]:
    with serving(
        *("--workers", "2", "--threads", "4"),
        DATABASE_URL=database_url,
        STRIPE_WEBHOOK_SECRET=SECRET,
        BILLING_TOKEN_SECRET="of-the-tests-and-of-nobody-else-really",
    ) as running:
        yield running


def test_a_token_from_one_process_is_good_in_all(server: Serving, key: str) -> None:
    tokens = [server.ask("POST /v1/customers/ann/tokens", key, {}).told()["token"] for _ in "ab"]

    for token in tokens * 4:
        answer = server.ask("GET /v1/customers/ann/balance", token)
        assert (answer.status, answer.told()["available"]) == (200, 0)
        assert server.ask("GET /v1/customers/bob/balance", token).status == 403


def test_without_a_key_for_stripe_what_needs_none_works(server: Serving, key: str) -> None:
    raw = body(EVENTS["invoice.paid"])
    answer = server.ask("PUT /v1/customers/ann", key, {"email": "ann@example.org"})

    assert (answer.status, answer.told()["title"]) == (503, "NotConfigured")
    assert answer.told()["detail"] == "not configured: STRIPE_SECRET_KEY is not set"
    spent = server.ask("POST /v1/customers/ann/credits/spend", key, {"credits": 1},
                       **{"Idempotency-Key": "job-1"})  # fmt: skip
    assert (spent.status, spent.told()["balance"]) == (409, 0)
    assert server.post(raw, header(raw, SECRET, int(datetime.now(UTC).timestamp()))).status == 200
    assert server.ask("GET /openapi.json", "").told()["openapi"] == "3.1.0"


def test_a_revoked_key_is_refused_by_every_process_in_time(
    server: Serving, key: str, database_url: str
) -> None:
    balance = "GET /v1/customers/ann/balance"
    assert {server.ask(balance, key).status for _ in range(6)} == {200}

    environment = {"DATABASE_URL": database_url}
    CliRunner(env=environment).invoke(main, ["keys", "revoke", key.split("_")[1]])

    time.sleep(MOST_AGE.total_seconds() + 0.5)  # what each process knew is too old from here on
    told = {server.ask(balance, key).status for _ in range(12)}
    assert told <= {401, 429}  # two answering processes, whichever of them is asked
    assert 401 in told
