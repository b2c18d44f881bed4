"""What happens through the stand-in's API ends in the rows the truth says, in any order."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

import msgspec
import pytest
import stripe

from tests.simulation.in_memory import deliveries, kept, rows, untrue
from tests.web.sandbox.api.conftest import Sandbox
from web.sandbox.oracle import oracle
from web.sandbox.truth.timeline import NEWEST

DAY = 86_400
NUMBERS = ("4242424242424242", "000123456789", "000222222227", "4000000000000002", None)
"""Cards and accounts visitors enter, or nothing."""
FREE: Any = {"percent_off": 100}
SHOWN = {
    "subscriptions",
    "invoices",
    "paid_invoices",
    "customers",
    "purchases",
    "entitlements",
    "balances",
    "payment_methods",
}


@pytest.fixture
def bodies(sandbox: Sandbox) -> list[bytes]:
    """The bodies of the webhooks of everything in this file, as they are posted."""
    posted: list[bytes] = []
    sandbox.world.listeners.append(
        lambda fact: posted.append(msgspec.json.encode(sandbox.world.event(fact, NEWEST)))
    )
    Shop(sandbox).lives()
    return posted


class Shop:
    """A shop whose customers pay in every way the stand-in knows."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.v1 = sandbox.client().v1
        self.ask = sandbox.client().raw_request
        self.count = 0

    def lives(self) -> None:
        for card in (
            "pm_card_visa",
            "pm_card_chargeDeclined",
            "pm_card_threeDSecure2Required",
            "pm_card_createDispute",
            "pm_usBankAccount_success",
            "pm_usBankAccount_insufficientFunds",
        ):
            self.buys(card)
        self.answers_bank(self.buys("pm_card_threeDSecure2Required"), ok="true")
        self.answers_bank(self.buys("pm_card_threeDSecure2Required"), ok="false")
        self.takes_in_part()
        self.gives_back()
        self.disputes()
        self.v1.payment_intents.cancel(self.buys(None).id)
        for number in NUMBERS:
            self.visits(number)
        self.visits(NUMBERS[0], discounts=[{"coupon": self.v1.coupons.create(FREE).id}])
        self.visits_for_a_plan(0)
        self.visits_for_a_plan(7)
        self.saves_cards()
        self.sandbox.world.move(40 * DAY)

    def person(self, **more: Any) -> stripe.Customer:
        self.count += 1
        number = str(self.count)
        asked: Any = {"email": f"p{number}@example.com", "metadata": {"user_id": number}, **more}
        return self.v1.customers.create(asked)

    def buys(self, card: str | None, **more: Any) -> stripe.PaymentIntent:
        person = self.person()
        asked: Any = {
            "amount": 4900,
            "currency": "usd",
            "customer": person.id,
            "description": "Path 1",
            "metadata": {"user_id": str(self.count), "learning_path_id": "1"},
            **more,
        }
        intent = self.v1.payment_intents.create(asked)
        if card is not None:
            with suppress(stripe.CardError):
                self.v1.payment_intents.confirm(intent.id, {"payment_method": card})
        return intent

    def answers_bank(self, intent: stripe.PaymentIntent, ok: str) -> None:
        self.ask("post", f"/sandbox/payment_intents/{intent.id}/authenticate", ok=ok)

    def takes_in_part(self) -> None:
        held = self.buys("pm_card_visa", capture_method="manual")
        self.v1.payment_intents.capture(held.id, {"amount_to_capture": 3000})
        self.v1.payment_intents.cancel(self.buys("pm_card_visa", capture_method="manual").id)
        self.buys("pm_card_visa", capture_method="manual")

    def gives_back(self) -> None:
        self.v1.refunds.create({"payment_intent": self.buys("pm_card_visa").id})
        self.v1.refunds.create({"payment_intent": self.buys("pm_card_visa").id, "amount": 900})
        failed = self.v1.refunds.create({"payment_intent": self.buys("pm_card_visa").id})
        self.ask("post", f"/sandbox/refunds/{failed.id}/fail")

    def disputes(self) -> None:
        for status, inquiry in (("won", "false"), ("lost", "false"), ("warning_closed", "true")):
            intent = self.buys("pm_card_visa")
            self.ask("post", "/sandbox/disputes", payment_intent=intent.id, inquiry=inquiry)
            [dispute] = self.v1.disputes.list({"payment_intent": intent.id}).data
            self.ask("post", f"/sandbox/disputes/{dispute.id}/decide", status=status)

    def visits_for_a_plan(self, trial_days: int) -> None:
        person = self.person()
        price = self.v1.prices.create(
            {
                "currency": "usd",
                "unit_amount": 900,
                "recurring": {"interval": "month"},
                "product_data": {"name": "Pro"},
            }
        )
        asked: Any = {
            "mode": "subscription",
            "customer": person.id,
            "client_reference_id": str(self.count),
            "line_items": [{"price": price.id, "quantity": 2}],
            "subscription_data": {"metadata": {"plan": "pro"}},
            "success_url": "https://app.test/done",
        }
        if trial_days:
            asked["subscription_data"]["trial_period_days"] = trial_days
        visit = self.v1.checkout.sessions.create(asked)
        self.ask("post", f"/sandbox/checkout/sessions/{visit.id}/pay")

    def visits(self, card: str | None, **more: Any) -> None:
        person = self.person()
        price = self.v1.prices.create(
            {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Credits"}}
        )
        asked: Any = {
            "mode": "payment",
            "customer": person.id,
            "client_reference_id": str(self.count),
            "line_items": [{"price": price.id, "quantity": 2}],
            "metadata": {"user_id": str(self.count), "credits": "100"},
            "payment_intent_data": {"metadata": {"user_id": str(self.count), "credits": "100"}},
            "success_url": "https://app.test/done",
            **more,
        }
        visit = self.v1.checkout.sessions.create(asked)
        if card is not None:
            self.ask("post", f"/sandbox/checkout/sessions/{visit.id}/pay", card=card)

    def saves_cards(self) -> None:
        for token in ("pm_card_visa", "pm_card_chargeDeclined"):
            setup = self.v1.setup_intents.create({"customer": self.person().id})
            with suppress(stripe.CardError):
                self.v1.setup_intents.confirm(setup.id, {"payment_method": token})
        person = self.person(payment_method="pm_card_visa")
        [card] = self.v1.payment_methods.list({"customer": person.id}).data
        self.v1.payment_methods.detach(card.id)


@pytest.mark.parametrize("order", range(4))
def test_the_tables_say_what_is_so(order: int, sandbox: Sandbox, bodies: list[bytes]) -> None:
    shuffled = list(bodies)
    if order:
        Random(order).shuffle(shuffled)

    ledger = kept([[each] for each in deliveries(shuffled)])

    truth = oracle(sandbox.world.truth, spends=[], platform=None)
    assert {name for name, table in truth.items() if table} >= SHOWN
    assert untrue(rows(ledger), truth) == []
