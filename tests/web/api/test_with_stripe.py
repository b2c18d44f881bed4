"""The served API with Stripe's own library and its stand-in: asked, paid, told, and unlocked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe
from click.testing import CliRunner, Result

from ledger.cli import main
from projections.schema import migrate
from tests.web.api.examples import USD
from tests.web.conftest import PATH, SECRET
from tests.web.server import Serving, serving
from web.sandbox.api import World
from web.sandbox.api.endpoints import Endpoint
from web.sandbox.api.running import running

KEY = "sk_test_house"
SCOPES = ("read", "checkout", "catalog")


class Served:
    """A running server with Stripe behind it, an application's key, and the payer's browser."""

    def __init__(self, server: Serving, world: World, stripe_url: str, database_url: str) -> None:
        self._server = server
        self._world = world
        self._environment = {"DATABASE_URL": database_url, "PLATFORM": "LEAD"}
        self.browser = stripe.StripeClient(KEY, base_addresses={"api": stripe_url})
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        self._key = self._billing("keys", "issue", "shop", *scopes).stdout.strip()

    def ask(self, call: str, body: object = None) -> dict[str, object]:
        answer = self._server.ask(call, self._key, body)
        assert answer.status in (200, 204), answer.body
        return answer.told() if answer.body else {}

    def settle(self) -> None:
        """Webhooks come in and are worked off."""
        assert self._world.sender.wait()
        assert self._billing("work", "--until-idle").exit_code == 0

    def _billing(self, *arguments: str) -> Result:
        return CliRunner(env=self._environment).invoke(main, arguments)


@pytest.fixture
def served(database_url: str) -> Iterator[Served]:
    migrate(database_url)
    world = World()
    with (
        running(world) as stripe_url,
        serving(
            *("--workers", "1", "--threads", "4"),
            DATABASE_URL=database_url,
            STRIPE_WEBHOOK_SECRET=SECRET,
            STRIPE_SECRET_KEY=KEY,
            STRIPE_API_BASE=stripe_url,
            PLATFORM="LEAD",
        ) as server,
    ):
        world.sender.endpoints = [Endpoint(f"http://127.0.0.1:{server.port}{PATH}", SECRET)]
        yield Served(server, world, stripe_url, database_url)


def test_a_learning_path_is_sold_from_the_catalog_to_the_curriculum(served: Served) -> None:
    served.ask("PUT /v1/catalog/learning-paths/7", {"name": "Python", "price": USD})
    served.ask("PUT /v1/customers/ann", {"email": "ann@example.org"})
    payment = served.ask("POST /v1/customers/ann/learning-paths/7/payment")
    asked = "GET /v1/customers/ann/access?feature=learning_path:7"
    served.settle()
    assert served.ask(asked)["allowed"] is False

    served.browser.v1.payment_intents.confirm(
        str(payment["id"]),
        {"payment_method": "pm_card_visa", "return_url": "https://lead.example/back"},
    )
    served.settle()

    assert served.ask(asked)["allowed"] is True
