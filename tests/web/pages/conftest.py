"""The pages over the shop of the API's tests, and a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.providers.stripe.in_page import in_page
from tests.web.api.calling import TOKEN_SECRET
from tests.web.api.conftest import new_api, shop
from tests.web.api.storefront import Storefront
from web import problems
from web.access.csrf import Csrf
from web.pages import serving
from web.pages.desk import Desk

__all__ = ["new_api", "shop"]

STAND_IN = "http://127.0.0.1:12111"


class Visit:
    """One customer's browser, which runs no scripts."""

    def __init__(self, client: FlaskClient, shop: Storefront) -> None:
        self.client = client
        self.shop = shop

    def enter(self, user_id: str = "ann", path: str = "/account", **more: Any) -> TestResponse:
        token = self.shop.api.token(user_id)
        query = {"token": token, "next": path}
        return self.client.get("/enter", query_string=query, follow_redirects=True, **more)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, follow_redirects=True)

    def send(self, path: str, on: str | None = None, **fields: str) -> TestResponse:
        """Sends a form of the page `on` (else of the one it is sent to)."""
        found = re.search(r'name="form_word" value="(\w+)"', self.get(on or path).text)
        assert found is not None
        form = {"form_word": found[1], **fields}
        return self.client.post(path, data=form, follow_redirects=True)


NewVisit = Callable[..., Visit]


@pytest.fixture
def new_visit(shop: Storefront) -> NewVisit:
    """Makes pages with other parts: `new_visit(livemode=True)`."""

    def make(key: str | None = "pk_test_1", base: str = STAND_IN, **more: Any) -> Visit:
        livemode = more.get("livemode", False)
        paying = in_page(key, base, livemode) if key else None
        app = Flask("web.app", static_folder=None)
        app.register_blueprint(
            serving.blueprint(Desk(shop.api.office, Csrf([TOKEN_SECRET]), paying, **more))
        )
        problems.register(app)
        return Visit(app.test_client(), shop)

    return make


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    return new_visit()
