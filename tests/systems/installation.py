"""The ledger's endpoint and a stand-in for Stripe, each on a port of its own, and the books.

All is real but Stripe: the SDK asks the stand-in over HTTP, the stand-in posts signed webhooks to
our endpoint, applications call our API with a key, and finance reads its views by SQL. The workers
run when a test says so, and the time of the stand-in and of our API can be moved on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import psycopg
import stripe
from click.testing import CliRunner, Result
from flask import Flask
from psycopg.rows import dict_row

from ledger.application import Ledger
from ledger.assembly import bookkeeper, clock, inbox, stripe_outbound, stripe_receiver
from ledger.bookkeeper import stored_streams
from ledger.checkout.shop import Shop
from ledger.cli import main
from ledger.ids import Scope
from ledger.keys import all_keys, keys_stream
from ledger.settings import Settings
from ledger.store.connection import conninfo
from ledger.store.log import LogReader
from projections.projector import Projector
from projections.queries import Queries
from projections.schema import migrate
from tests.support.ports import free_port
from tests.systems.calling import Json, asked
from web.access.guard import Guard
from web.access.keys import KeyRing
from web.access.limits import Limits
from web.access.scopes import SCOPES
from web.access.tokens import Tokens
from web.api import serving as api
from web.api.endpoint import Office
from web.app import create_app
from web.sandbox.api.endpoints import Endpoint, Tries
from web.sandbox.api.running import running
from web.sandbox.api.server import serving
from web.sandbox.api.world import World

WEBHOOK_PATH = "/api/stripe/webhook"
SECRET = "whsec_of_the_systems"
SECRET_KEY = "sk_test_of_the_systems"
PUBLISHABLE_KEY = "pk_test_of_the_systems"
CREDITS = "prod_credits"
DAY_SECONDS = 86_400
TRIES = Tries(seconds=(0.1,) * 3000)


class Installation:
    """What tests call, pay, move on and read."""

    def __init__(self, settings: Settings, url: str, world: World, address: str, key: str) -> None:
        self.settings = settings
        self.url = url
        self.world = world
        self.address = address
        self.webhook_url = address + settings.webhook_path
        self.books = bookkeeper(settings, url)
        self.tables = Projector(url, settings.names)
        self._key = key
        self._numbers = count(1)
        self._finance = psycopg.connect(
            conninfo(url, {"role": settings.names.reader, "timezone": "UTC"}),
            autocommit=True,
            row_factory=dict_row,
        )

    def close(self) -> None:
        """Hang up."""
        self._finance.close()
        self.tables.close()
        self.books.close()

    def new_id(self, prefix: str) -> str:
        """An id nobody else has here."""
        return f"{prefix}{next(self._numbers)}"

    # ---- what an application asks ----

    def call(self, call: str, body: object = None, key: str = "") -> Json:
        """`call("PUT customers/ann", {...}, key=...)`. Raises Refused."""
        headers = {"Authorization": f"Bearer {self._key}"} | (
            {"Idempotency-Key": key} if key else {}
        )
        method, path = call.split(maxsplit=1)
        sent = None if body is None else msgspec.json.encode(body)
        return asked(self.address, f"{method} /v1/{path}", sent, headers)

    def run(self, *command: str, **settings: str | None) -> Result:
        """A command of `billing`, with the settings of this installation and others besides."""
        own = {"DATABASE_URL": self.url, "STRIPE_API_BASE": self.settings.api_base}
        environment = {**ENVIRONMENT, **own, **settings}
        return CliRunner(env=environment).invoke(main, command)

    # ---- what happens at Stripe ----

    def library(self, key: str, account: str | None = None) -> stripe.StripeClient:
        """Stripe's own library, pointed at the stand-in."""
        base: Any = {"api": self.settings.api_base}
        return stripe.StripeClient(
            key, base_addresses=base, stripe_account=account, max_network_retries=0
        )

    def sandbox(self, path: str, **given: Any) -> Json:
        """What only a stand-in can be told: time, mishaps, payers and banks."""
        return self.at_stripe(f"POST /sandbox/{path}", **given)

    def at_stripe(self, call: str, account: str | None = None, **given: Any) -> Json:
        """`at_stripe("GET /v1/customers/cus_1")` by Stripe's own library: the plain answer."""
        method, path = call.split()
        answer: Any = self.library(SECRET_KEY, account).raw_request(method.lower(), path, **given)
        told: Json = msgspec.json.decode(answer.body)
        return told

    @contextmanager
    def mishaps(self, **faults: Any) -> Iterator[None]:
        """What goes wrong at the stand-in within the block, and on the way from it."""
        self.sandbox("faults", **faults)
        try:
            yield
        finally:
            self.sandbox("faults")

    def now(self) -> datetime:
        """The time at the stand-in, and of our API."""
        return datetime.fromtimestamp(self.world.now, UTC)

    def days_pass(self, days: float) -> None:
        """Time does, at the stand-in and here; its webhooks are in, and so are the tables."""
        self.sandbox("advance", seconds=int(days * DAY_SECONDS))
        self.settle()

    # ---- what comes of it ----

    def arrive(self) -> None:
        """All webhooks have been taken by our endpoint; nobody has worked them off yet."""
        assert self.world.sender.wait()

    def settle(self) -> None:
        """All webhooks are in, worked off, and in the tables."""
        self.arrive()
        self.books.run_until_idle()
        self.tables.run_until_idle()

    def finance(self, query: str, *values: object) -> list[Json]:
        """What finance reads by SQL, with the role for it and no other."""
        return self._finance.execute(query.encode(), values or None).fetchall()


ENVIRONMENT: Mapping[str, str] = {
    "STRIPE_SECRET_KEY": SECRET_KEY,
    "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
    "STRIPE_WEBHOOK_SECRET": SECRET,
    "STRIPE_CREDITS_PRODUCT_ID": CREDITS,
    "STRIPE_PRODUCT_ID": "prod_website",
    "BILLING_WEBHOOK_PATH": WEBHOOK_PATH,
    "BILLING_APP_NAME": "LEAD",
    "BILLING_APP_URL": "https://lead.example",
    "BILLING_FETCH_FEES": "no",
    "PLATFORM": "LEAD",
}


@contextmanager
def installed(url: str) -> Iterator[Installation]:
    """An installation on an empty, migrated database, for as long as the block lasts."""
    start = time.time()
    world, port = World(clock=lambda: start), free_port()  # time passes when a test says so
    webhook_url = f"http://127.0.0.1:{port}{WEBHOOK_PATH}"
    endpoints = [Endpoint(webhook_url, SECRET), Endpoint(webhook_url, SECRET, connect=True)]
    with ExitStack() as stack:
        api_base = stack.enter_context(running(world, endpoints, tries=TRIES))
        settings = Settings.from_environment({**ENVIRONMENT, "STRIPE_API_BASE": api_base})
        migrate(url, settings.names)
        app = _application(settings, url, world, stack)
        address = stack.enter_context(serving(app, port))
        house = Installation(settings, url, world, address, _key(url))
        yield stack.enter_context(closing(house))


def _application(settings: Settings, url: str, world: World, stack: ExitStack) -> Flask:
    """The application as the server makes it, but for its time, which goes with the stand-in's.

    Signatures are as of the real time on both sides.
    """
    inside = _office(settings, url, world, stack)
    return create_app(
        stack.enter_context(closing(inbox(settings, url, 4))),
        stripe_receiver(settings),
        clock,
        settings.body_limit_bytes,
        settings.webhook_path,
        [api.blueprint(inside)],
    )


def _office(settings: Settings, url: str, world: World, stack: ExitStack) -> Office:
    """The parts of `web.office`, each closed in the end."""
    names, outbound, ticks = settings.names, stripe_outbound(settings), count()
    stack.callback(outbound.close)
    ledger = stack.enter_context(Ledger(url, names, pool_size=4))
    load = stored_streams(stack.enter_context(closing(LogReader(url, names.ledger))))
    keys = KeyRing(lambda: all_keys(ledger, keys_stream(livemode=False)))
    tokens = Tokens(settings.token_secrets, livemode=False)
    scope = Scope("stripe", livemode=False)
    return Office(
        shop=Shop(ledger, load, outbound, settings.brand, settings.policy, scope),
        ledger=ledger,
        queries=stack.enter_context(closing(Queries(url, names))),
        guard=Guard(keys, tokens, Limits()),
        tokens=tokens,
        clock=lambda: _moment(world, next(ticks)),
    )


def _moment(world: World, tick: int) -> datetime:
    """The stand-in's time, which is in whole seconds; no two requests come at once."""
    return datetime.fromtimestamp(world.now, UTC) + timedelta(microseconds=tick % 1_000_000)


def _key(url: str) -> str:
    """A key for all there is, issued as an operator issues one."""
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    issued = CliRunner(env={"DATABASE_URL": url}).invoke(main, ["keys", "issue", "app", *scopes])
    assert issued.exit_code == 0, issued.output
    return issued.stdout.strip()
