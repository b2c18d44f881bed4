"""The audit's pages as the server makes them, over a ledger that has lived, and a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.aggregates.api_key import Terms
from ledger.application import Ledger
from ledger.keys import issue_key, keys_stream
from ledger.settings import Settings
from ledger.store.names import Names
from tests.replay.conftest import lived_database
from tests.web.audit.reacting import react
from web.access.keys import key_text
from web.server import application

NOW = datetime.now(UTC)
KEY, OTHER, ENDED = (key_text(name, "secret") for name in ("auditor", "reader", "ended"))
STREAM = keys_stream(livemode=False)
ADDRESS = "http://localhost"


class Browser:
    """An auditor's browser, which keeps cookies."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, page: str, **asked: object) -> TestResponse:
        path = f"/audit/{page}?{urlencode(asked)}"
        return self.client.get(path, base_url=ADDRESS)

    def send(self, page: str, **fields: str) -> TestResponse:
        return self.client.post(f"/audit/{page}", data=fields, base_url=ADDRESS)

    def word(self, page: str = "in") -> str:
        """What is hidden in the forms of a page."""
        found = re.search(r'name="form_word" value="(\w+)"', self.get(page).text)
        assert found is not None
        return found[1]

    def come_in(self, key: str = KEY) -> TestResponse:
        return self.send("in", key=key, form_word=self.word())


@pytest.fixture(scope="module")
def audited_url(server_url: str, template: str) -> Iterator[str]:
    """A ledger that has lived, to which keys were issued besides."""
    with lived_database(server_url, template) as url:
        with Ledger(url, Names(), pool_size=1) as ledger:
            terms = Terms("Ada <b>the auditor</b>", ("audit",))
            issue_key(ledger, STREAM, "auditor", "secret", terms, NOW)
            issue_key(ledger, STREAM, "reader", "secret", Terms("shop", ("read",)), NOW)
            ended = Terms("old", ("audit",), NOW - timedelta(days=1))
            issue_key(ledger, STREAM, "ended", "secret", ended, NOW - timedelta(days=9))
        react(url)
        yield url


@pytest.fixture
def app(audited_url: str) -> Flask:
    settings = {"DATABASE_URL": audited_url, "STRIPE_WEBHOOK_SECRET": "whsec_one"}
    secret = {"BILLING_TOKEN_SECRET": "of-the-tests-and-of-nobody-else-really"}
    return application(Settings.from_environment({**settings, **secret}), audited_url)


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def auditor(stranger: Browser) -> Browser:
    """Who came in with a good key."""
    assert stranger.come_in().status_code == 303
    return stranger
