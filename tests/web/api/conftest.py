"""The API as the server makes it, on a fresh database, with a provider that is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import datetime
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.aggregates.api_key import Terms
from ledger.application import Inbox, Ledger
from ledger.bookkeeper import stored_streams
from ledger.checkout.shop import Brand, Shop
from ledger.keys import all_keys, issue_key, keys_stream
from ledger.policy import Policy
from ledger.providers.outbound import Outbound
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.queries import Queries
from projections.schema import migrate
from tests.ledger.given import SCOPE, day
from web.access.guard import Guard
from web.access.keys import KeyRing, key_text
from web.access.limits import Limits
from web.access.scopes import SCOPES
from web.access.tokens import Bearer, Tokens, expiry
from web.api import reference, serving
from web.api.endpoint import Office
from web.app import create_app
from web.office import NO_WAY_OUT

NOW = day(10)
NAMES = Names()
TOKEN_SECRET = "of-the-tests-and-of-nobody-else-really"
BRAND = Brand("LEAD", "https://lead.example", "LEAD", "prod_credits")
KEYS = {scope: key_text(f"key{n}", f"secret{n}") for n, scope in enumerate(SCOPES)}


class Api:
    """Calls the API, as an application or as a customer's browser."""

    def __init__(self, app: Flask, office: Office, inbox: Inbox) -> None:
        self.app = app
        self.office = office
        self.inbox = inbox

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

    def token(self, user_id: str = "ann", at: datetime = NOW, **person: str) -> str:
        """A customer's token, good for a quarter of an hour from `at`."""
        return self.office.tokens.issue(Bearer(user_id, expiry(at, 900), **person))


NewApi = Callable[..., Api]


@pytest.fixture
def new_api(database_url: str) -> Iterator[NewApi]:
    """Makes the API with other parts: `new_api(outbound=..., without=..., clock=...)`."""
    migrate(database_url)
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(database_url, NAMES, pool_size=4))
        inbox = stack.enter_context(Inbox(database_url, NAMES, pool_size=1))
        log = stack.enter_context(closing(LogReader(database_url, NAMES.ledger)))
        queries = stack.enter_context(closing(Queries(database_url, NAMES)))
        for scope, text in KEYS.items():
            _, key_id, secret = text.split("_")
            stream = keys_stream(livemode=False)
            issue_key(ledger, stream, key_id, secret, Terms(scope, (scope,)), NOW)

        def make(outbound: object = NO_WAY_OUT, limits: Limits | None = None, **more: Any) -> Api:
            limits = limits or Limits()
            way_out = cast("Outbound", outbound)
            load = stored_streams(log)
            shop = Shop(ledger, load, way_out, BRAND, Policy(platform="LEAD"), SCOPE)
            tokens = Tokens([TOKEN_SECRET], livemode=False)
            keys = KeyRing(lambda: all_keys(ledger, keys_stream(livemode=False)))
            guard = Guard(keys, tokens, limits)
            parts: Mapping[str, Any] = {"tokens": tokens, "clock": lambda: NOW, **more}
            office = Office(shop=shop, ledger=ledger, queries=queries, guard=guard, **parts)
            return Api(_app(inbox, office, limits), office, inbox)

        yield make


@pytest.fixture
def api(new_api: NewApi) -> Api:
    return new_api()


def _app(inbox: Inbox, office: Office, limits: Limits) -> Flask:
    blueprints = [serving.blueprint(office), reference.blueprint(limits)]
    receiver = StripeReceiver(["whsec_one"])
    return create_app(inbox, receiver, office.clock, 4096, "/webhooks/stripe", blueprints)
