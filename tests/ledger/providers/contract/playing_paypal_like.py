"""The second provider, played over HTTP on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from ledger.ids import Scope
from ledger.money import Money
from ledger.providers.outbound import OpenPayment, OpenSession, OpenSetup, OpenSubscription
from tests.ledger.providers.contract.provider import Posted
from tests.ledger.providers.paypal_like import agreements
from tests.ledger.providers.paypal_like.api import SECRET, create_paypal_like
from tests.ledger.providers.paypal_like.observer import PaypalLikeObserver
from tests.ledger.providers.paypal_like.outbound import PaypalLikeOutbound
from tests.ledger.providers.paypal_like.receiver import PROVIDER, PaypalLikeReceiver, headers
from tests.ledger.providers.paypal_like.wording import written
from tests.ledger.providers.paypal_like.world import World
from web.sandbox.api.server import serving

WEBHOOK_SECRET = b"house"
CARDS = {False: "visa", True: "declined"}


class PaypalLike:
    """A world of its own, and the ways to it."""

    def __init__(self, world: World, url: str) -> None:
        self.scope = Scope(PROVIDER, livemode=False)
        self.outbound = PaypalLikeOutbound(url, SECRET)
        self.receiver = PaypalLikeReceiver(WEBHOOK_SECRET)
        self.observer = PaypalLikeObserver()
        self._world = world
        self._url = url

    @property
    def now(self) -> datetime:
        return self._world.now

    @property
    def posted(self) -> list[Posted]:
        return [
            Posted(body, headers(WEBHOOK_SECRET, f"transmission-{n}", "now", body))
            for n, body in enumerate(self._world.bodies())
        ]

    def with_wrong_key(self) -> PaypalLikeOutbound:
        return PaypalLikeOutbound(self._url, "A21-wrong")

    def pay(self, payment: OpenPayment, declined: bool = False) -> None:
        self._page("orders", payment.id, token=payment.client_secret, card=CARDS[declined])

    def pay_first_bill(self, subscription: OpenSubscription) -> None:
        self._page("agreements", subscription.id, token=subscription.client_secret, card="visa")

    def type_card(self, setup: OpenSetup, declined: bool = False) -> None:
        self._page("setups", setup.id, token=setup.client_secret, card=CARDS[declined])

    def visit(self, session: OpenSession) -> None:
        self._page("visits", session.id, token=session.client_secret, card="visa")

    def refund(self, payment: OpenPayment, amount: Money) -> None:
        self._page("orders", f"{payment.id}/refund", amount=written(amount))

    def pass_time(self, days: int) -> None:
        with self._world.lock:
            agreements.pass_time(self._world, days)

    def _page(self, what: str, id_: str, **typed: Any) -> None:
        connection = HTTPConnection(urlsplit(self._url).netloc)
        said = {"Content-Type": "application/json"}
        connection.request("POST", f"/page/{what}/{id_}", json.dumps(typed), said)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        connection.close()


@contextmanager
def paypal_like() -> Iterator[PaypalLike]:
    """The provider on a free port."""
    world = World()
    with serving(create_paypal_like(world)) as url:
        yield PaypalLike(world, url)
