"""Stripe, played by the sandbox's stand-in over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

import stripe

from ledger.ids import Scope
from ledger.money import Money
from ledger.providers.outbound import OpenPayment, OpenSession, OpenSetup, OpenSubscription
from ledger.providers.stripe.client import API_VERSION, Connection
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.outbound import StripeOutbound
from ledger.providers.stripe.readers import READERS
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.providers.stripe.signature import HEADER, header
from tests.ledger.providers.contract.provider import Posted
from web.sandbox.api import World, create_stand_in
from web.sandbox.api.server import serving
from web.sandbox.render.types import is_sent
from web.sandbox.truth import visits
from web.sandbox.truth.cards import WORKS
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.world import Fact

START = 1_788_264_000
KEY = "sk_test_house"
SECRET = "whsec_house"
DAY_SECONDS = 86_400
CARDS = {False: "pm_card_visa", True: "pm_card_chargeCustomerFail"}


class Stripe:
    """A world of its own, and the ways to it."""

    def __init__(self, world: World, url: str) -> None:
        self.scope = Scope("stripe", livemode=False)
        self.outbound = StripeOutbound(Connection(KEY, url, retries=0))
        self.receiver = StripeReceiver([SECRET])
        self.observer = StripeObserver(READERS)
        self._wrong = StripeOutbound(Connection("sk_live_wrong", url, retries=0))
        self.url = url
        self._world = world
        self._bodies: list[bytes] = []
        # What Stripe's own page asks is asked by Stripe's own library.
        self.page = stripe.StripeClient(KEY, base_addresses={"api": url}, max_network_retries=0)
        world.listeners.append(self._post)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._world.now, UTC)

    @property
    def posted(self) -> list[Posted]:
        return [
            Posted(body, {HEADER: header(body, SECRET, self._world.now)}) for body in self._bodies
        ]

    def with_wrong_key(self) -> StripeOutbound:
        return self._wrong

    def pay(self, payment: OpenPayment, declined: bool = False) -> None:
        """Like every browser; what the payer is told of a declined card is not looked at here."""
        try:
            self.page.v1.payment_intents.confirm(
                payment.id,
                {
                    "payment_method": "pm_card_visa_chargeDeclined" if declined else "pm_card_visa",
                    "return_url": "https://app.test/done",
                },
            )
        except stripe.CardError:
            assert declined

    def pay_first_bill(self, subscription: OpenSubscription) -> None:
        assert subscription.client_secret is not None
        intent, _, _ = subscription.client_secret.partition("_secret_")
        found = self.outbound.payment(intent)
        assert found.client_secret == subscription.client_secret
        self.pay(found)

    def type_card(self, setup: OpenSetup, declined: bool = False) -> None:
        self.page.v1.setup_intents.confirm(setup.id, {"payment_method": CARDS[declined]})

    def visit(self, session: OpenSession) -> None:
        with self._world.turn() as truth:
            visits.pay(truth, truth.get(Session, session.id), WORKS)

    def answer_bank(self, intent_id: str) -> None:
        """The card's holder tells their bank that it is they who pays."""
        connection = HTTPConnection(urlsplit(self.url).netloc)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/sandbox/challenge/{intent_id}", "answer=ok", form)
        assert connection.getresponse().status < 400
        connection.close()

    def refund(self, payment: OpenPayment, amount: Money) -> None:
        self.page.v1.refunds.create({"payment_intent": payment.id, "amount": amount.minor})

    def pass_time(self, days: int) -> None:
        self._world.move(days * DAY_SECONDS)

    def _post(self, fact: Fact) -> None:
        if is_sent(fact.type, API_VERSION):
            self._bodies.append(json.dumps(self._world.event(fact, API_VERSION)).encode())


@contextmanager
def stripe_stand_in() -> Iterator[Stripe]:
    """The stand-in on a free port."""
    world = World(clock=lambda: START)
    with serving(create_stand_in(world)) as url:
        found = Stripe(world, url)
        yield found
        found.outbound.close()
        found.with_wrong_key().close()
