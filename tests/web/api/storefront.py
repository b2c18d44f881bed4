"""A shop over HTTP: the API, a provider that is made up, a catalog and two customers."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.ledger.providers.stripe.payloads import delivery
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider
from tests.web.api.calling import KEYS, Api
from tests.web.api.examples import USD
from web.access.scopes import Scope

Json = dict[str, Any]
ANN = "/v1/customers/ann"
BOB = "/v1/customers/bob"


class Storefront:
    """The API with a provider behind it, called by the application."""

    def __init__(self, api: Api, provider: FakeProvider) -> None:
        self.api = api
        self.provider = provider
        self.page = FakeOutbound(provider)
        self.delivered = 0

    def ask(self, call: str, body: object = None, **more: Any) -> TestResponse:
        """A call with the key it needs, or with `auth`."""
        more.setdefault("auth", KEYS[_scope(call)])
        return self.api.call(call, body, **more)

    def told(self, call: str, body: object = None, **more: Any) -> Json:
        """The answer to a call that is sound."""
        response = self.ask(call, body, **more)
        assert response.status_code in (200, 204), response.get_data(as_text=True)
        told: Json = response.get_json() if response.status_code == 200 else {}
        return told

    def refused(self, call: str, body: object = None, **more: Any) -> tuple[int, str]:
        """Status and title of the problem a call meets."""
        response = self.ask(call, body, **more)
        assert response.mimetype == "application/problem+json", response.get_data(as_text=True)
        return response.status_code, response.get_json(force=True)["title"]

    def deliver(self) -> None:
        """The webhooks come that have not come yet, and the workers work them off."""
        for each in self.provider.events[self.delivered :]:
            self.api.inbox.receive(delivery(each))
        self.delivered = len(self.provider.events)
        self.api.work()

    def saved_card(self, user: str = ANN, key: str = "card-1") -> str:
        """A card the customer saves in the page."""
        setup = self.told(f"POST {user}/card-setups", {}, key=key)
        self.page.finish_setup(setup["id"])
        card: str = self.told(f"POST {user}/card-setups/{setup['id']}/use")["id"]
        return card


def stocked(shop: Storefront) -> Storefront:
    """A catalog, and Ann and Bob, who are registered."""
    month = {"price": USD, "interval": "month"}
    shop.told("PUT /v1/catalog/learning-paths/7", {"name": "Python", "price": USD})
    shop.told("PUT /v1/catalog/groups/3", {"name": "Go", "premium": "recurring", **month})
    shop.told("PUT /v1/catalog/groups/4", {"name": "C", "premium": "one_time", "price": USD})
    shop.told("PUT /v1/catalog/groups/5", {"name": "Chat", "premium": "free"})
    shop.told("PUT /v1/catalog/plans/pro", {"name": "Pro", **month, "features": ["export"]})
    free = {"minor": 0, "currency": "usd"}
    shop.told(
        "PUT /v1/catalog/plans/starter",
        {"name": "Starter", "price": free, "interval": "month", "starter": True},
    )
    for user in (ANN, BOB):
        shop.told(f"PUT {user}", {"email": f"{user[-3:]}@example.org"})
    return shop


def _scope(call: str) -> Scope:
    """The scope of what the stories call."""
    method, path = call.split()
    ends: tuple[tuple[str, Scope], ...] = (
        ("/spend", "credits"),
        ("/charges", "charges"),
        ("/catalog/credit-packages", "read"),
    )
    within: tuple[tuple[str, Scope], ...] = (
        ("/v1/catalog/", "catalog"),
        ("/charges/", "charges"),
        ("/grants/", "grants"),
    )
    found = [scope for end, scope in ends if path.endswith(end)]
    found += [scope for part, scope in within if part in path]
    reads = method == "GET" and "preview" not in path
    otherwise: Scope = "read" if reads else "checkout"
    return next(iter(found), otherwise)
