"""The API as the server makes it, on a fresh database, with a provider that is made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from typing import Any, cast

import pytest
from flask import Flask

from ledger.aggregates.api_key import Terms
from ledger.application import Inbox, Ledger
from ledger.bookkeeper import stored_streams
from ledger.checkout.shop import Shop
from ledger.keys import all_keys, issue_key, keys_stream
from ledger.policy import Policy
from ledger.providers.outbound import Outbound
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.store.log import LogReader
from projections.queries import Queries
from projections.schema import migrate
from tests.ledger.given import SCOPE
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider
from tests.web.api.calling import BRAND, KEYS, NAMES, NOW, TOKEN_SECRET, Api, NewApi
from tests.web.api.storefront import Storefront, stocked
from web.access.guard import Guard
from web.access.keys import KeyRing
from web.access.limits import Limits
from web.access.tokens import Tokens
from web.api import reference, serving
from web.api.endpoint import Office
from web.app import create_app
from web.office import NO_WAY_OUT


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
            return Api(_app(inbox, office, limits), office, inbox, database_url)

        yield make


@pytest.fixture
def api(new_api: NewApi) -> Api:
    return new_api()


@pytest.fixture
def shop(new_api: NewApi) -> Storefront:
    """A catalog, and Ann and Bob, who are registered with a provider that is made up."""
    provider = FakeProvider()
    return stocked(Storefront(new_api(FakeOutbound(provider)), provider))


def _app(inbox: Inbox, office: Office, limits: Limits) -> Flask:
    blueprints = [serving.blueprint(office), reference.blueprint(limits)]
    receiver = StripeReceiver(["whsec_one"])
    return create_app(inbox, receiver, office.clock, 4096, "/webhooks/stripe", blueprints)
