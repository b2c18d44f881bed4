"""Calls to the API, as an application makes them or a customer's browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.application import Inbox
from ledger.checkout.shop import Brand
from ledger.cli import main
from ledger.store.names import Names
from tests.ledger.given import day
from web.access.keys import key_text
from web.access.scopes import SCOPES
from web.access.tokens import Bearer, expiry
from web.api.endpoint import Office

NOW = day(10)
NAMES = Names()
TOKEN_SECRET = "of-the-tests-and-of-nobody-else-really"
BRAND = Brand("LEAD", "https://lead.example", "LEAD", "prod_credits")
KEYS = {scope: key_text(f"key{n}", f"secret{n}") for n, scope in enumerate(SCOPES)}


class Api:
    """Calls the API, as an application or as a customer's browser."""

    def __init__(self, app: Flask, office: Office, inbox: Inbox, url: str) -> None:
        self.app = app
        self.office = office
        self.inbox = inbox
        self.url = url

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def call(
        self, call: str, body: object = None, *, auth: str = "", key: str = "", **more: Any
    ) -> TestResponse:
        """`call("PUT /v1/...", {...}, auth=..., key=...)`: what it was answered."""
        method, path = call.split(maxsplit=1)
        headers: dict[str, str] = {"Authorization": f"Bearer {auth}"} if auth else {}
        headers |= {"Idempotency-Key": key} if key else {}
        sent = more if body is None else {"json": body, **more}
        return self.client().open(path, method=method, headers=headers, **sent)

    def work(self) -> None:
        """The workers bring the tables up to date."""
        run = CliRunner(env={"DATABASE_URL": self.url, "PLATFORM": "LEAD"})
        assert run.invoke(main, ["work", "--until-idle"]).exit_code == 0

    def token(self, user_id: str = "ann", at: datetime = NOW, **person: str) -> str:
        """A customer's token, good for a quarter of an hour from `at`."""
        return self.office.tokens.issue(Bearer(user_id, expiry(at, 900), **person))


NewApi = Callable[..., Api]
