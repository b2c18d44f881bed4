"""The webhook endpoint on a fresh database, signed requests, and a way to lose the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.providers.stripe.signature import HEADER, header
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.ledger.outage import out_of_reach
from web.app import create_app

SECRET = "whsec_one"
PATH = "/webhooks/stripe"
THEN = 1_788_264_000
LIMIT_BYTES = 4096

Post = Callable[..., TestResponse]
Outage = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def inbox(database_url: str) -> Iterator[Inbox]:
    """The store behind the endpoint."""
    with Inbox(database_url, Names(), pool_size=2) as opened:
        yield opened


@pytest.fixture
def client(inbox: Inbox) -> FlaskClient:
    """The endpoint as the server makes it."""
    receiver = StripeReceiver([SECRET])
    app = create_app(inbox, receiver, lambda: datetime.fromtimestamp(THEN, UTC), LIMIT_BYTES, PATH)
    return app.test_client()


@pytest.fixture
def post(client: FlaskClient) -> Post:
    """Sends a body as Stripe would: `post(body, secret=..., at=...)`."""

    def send(body: bytes, secret: str = SECRET, at: int = THEN) -> TestResponse:
        return client.post(PATH, data=body, headers={HEADER: header(body, secret, at)})

    return send


@pytest.fixture
def kept(database_url: str) -> Iterator[Callable[[], list[Delivery]]]:
    """All deliveries in the Inbox, in their order."""
    reader = LogReader(database_url, Names.inbox)
    yield lambda: [Delivery.from_state(state) for *_, state in reader.after(0)]
    reader.close()


@pytest.fixture
def outage(server_url: str, database_url: str) -> Outage:
    """`with outage():` nobody can connect to the database, and whoever was is thrown out."""
    return lambda: out_of_reach(server_url, database_url)


@pytest.fixture
def short_outage(inbox: Inbox, outage: Outage) -> Outage:
    """The same, while the endpoint under test waits for its store no longer than half a second."""

    @contextmanager
    def impatient() -> Iterator[None]:
        store = inbox.recorder.datastore
        patience, store.limit_seconds = store.limit_seconds, 0.5
        with outage():
            yield
        store.limit_seconds = patience

    return impatient
