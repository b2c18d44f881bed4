"""The fake provider's API, as commands call it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from ledger.money import Money
from ledger.providers import outbound as api
from ledger.providers.problems import ProviderBadRequest
from tests.ledger.providers.stripe.objects import MONTH, Json
from tests.support.fake_provider import DECLINED, NAME, FakeProvider, declined

PACKAGES = [
    api.PricePackage("price_50", Money(500, "usd"), 50, "Fifty credits"),
    api.PricePackage("price_500", Money(4000, "usd"), 500, "Five hundred credits"),
]


class FakeOutbound:
    """An Outbound over a FakeProvider."""

    def __init__(self, provider: FakeProvider) -> None:
        self.at = provider

    # ---- customers and cards ----

    def create_customer(self, key: str, new: api.NewCustomer) -> str:
        def make() -> str:
            made = {
                "id": self.at.new_id("cus"),
                "created": self.at.at,
                "email": new.email,
                "name": new.name,
                "metadata": {"user_id": new.user_id},
            }
            self.at.tell("customer.created", self.at.put("customer", made))
            return str(made["id"])

        return self.at.once("create_customer", key, new, make)

    def update_customer(self, key: str, provider_customer_id: str, new: api.NewCustomer) -> None:
        def make() -> None:
            said = {"email": new.email, "name": new.name}
            said = {name: text for name, text in said.items() if text is not None}
            self.at.change(provider_customer_id, "customer.updated", **said)

        self.at.once("update_customer", key, (provider_customer_id, new), make)

    def cards(self, provider_customer_id: str) -> list[api.Card]:
        customer = self.at.get(provider_customer_id)
        mine = [
            each["id"]
            for each in self.at.all("payment_method")
            if each["customer"] == provider_customer_id
        ]
        default = customer.get("_card")
        mine.sort(key=lambda each: each != default)
        return [api.Card(each, "visa", "4242", "2030-04", each == default) for each in mine]

    def open_setup(self, key: str, provider_customer_id: str) -> api.OpenSetup:
        def make() -> api.OpenSetup:
            id_ = self.at.new_id("seti")
            setup = {"id": id_, "customer": provider_customer_id, "status": "requires_action"}
            return self._setup(self.at.put("setup_intent", setup))

        return self.at.once("open_setup", key, provider_customer_id, make)

    def setup(self, setup_id: str) -> api.OpenSetup:
        return self._setup(self.at.get(setup_id))

    @staticmethod
    def _setup(setup: Json) -> api.OpenSetup:
        secret = f"{setup['id']}_secret"
        return api.OpenSetup(setup["id"], setup["status"], secret, setup.get("payment_method"))

    def finish_setup(self, setup_id: str) -> str:
        """The page saves the card."""
        setup = self.at.get(setup_id)
        setup |= {"status": "succeeded", "payment_method": self.at.save_card(setup["customer"])}
        return str(setup["payment_method"])

    def use_card(self, key: str, provider_customer_id: str, card_id: str) -> None:
        def make() -> None:
            self.at.get(provider_customer_id)["_card"] = card_id

        self.at.once("use_card", key, (provider_customer_id, card_id), make)

    # ---- payments ----

    def open_payment(self, key: str, new: api.NewPayment) -> api.OpenPayment:
        def make() -> api.OpenPayment:
            made = {
                "id": self.at.new_id("pi"),
                "created": self.at.at,
                "amount": new.amount.minor,
                "amount_received": 0,
                "currency": new.amount.currency,
                "customer": new.provider_customer_id,
                "description": new.description,
                "metadata": dict(new.metadata),
                "status": "requires_payment_method",
                "transfer_data": msgspec.to_builtins(new.destination),
            }
            self.at.tell("payment_intent.created", self.at.put("payment_intent", made))
            return self._payment(made)

        return self.at.once("open_payment", key, new, make)

    def payment(self, payment_id: str) -> api.OpenPayment:
        found = self._payment(self.at.get(payment_id))
        self.at.on_answer()
        return found

    def cancel_payment(self, key: str, payment_id: str) -> api.OpenPayment:
        def make() -> api.OpenPayment:
            if self.at.get(payment_id)["status"] in ("succeeded", "processing"):
                raise ProviderBadRequest(NAME, f"{payment_id} was paid")
            return self._payment(
                self.at.change(payment_id, "payment_intent.canceled", status="canceled")
            )

        return self.at.once("cancel_payment", key, payment_id, make)

    @staticmethod
    def _payment(made: Json) -> api.OpenPayment:
        amount = Money(made["amount"], made["currency"])
        secret = f"{made['id']}_secret"
        return api.OpenPayment(made["id"], made["status"], amount, secret, made["metadata"])

    # ---- catalog ----

    def create_product(self, key: str, new: api.NewProduct) -> str:
        def make() -> str:
            made = {"id": self.at.new_id("prod"), **msgspec.to_builtins(new)}
            return str(self.at.put("product", made)["id"])

        return self.at.once("create_product", key, new, make)

    def create_price(self, key: str, new: api.NewPrice) -> str:
        def make() -> str:
            made = {
                "id": self.at.new_id("price"),
                "product": new.product_id,
                "nickname": new.nickname,
                "metadata": dict(new.metadata),
                "lookup_key": None,
                "_amount": new.amount.minor,
                "_currency": new.amount.currency,
                "_interval": new.interval,
            }
            return str(self.at.put("price", made)["id"])

        return self.at.once("create_price", key, new, make)

    def rename(self, key: str, product_id: str, price_id: str, words: api.Words) -> None:
        def make() -> None:
            product = {"name": words.name, "description": words.description}
            self.at.objects[product_id] |= product
            self.at.objects[price_id] |= {"nickname": words.nickname}

        self.at.once("rename", key, (product_id, price_id, words), make)

    def packages(self, product_id: str) -> list[api.PricePackage]:
        return PACKAGES if product_id == "prod_credits" else []

    # ---- subscriptions ----

    def subscribe(self, key: str, new: api.NewSubscription) -> api.OpenSubscription:
        def make() -> api.OpenSubscription:
            price = self.at.get(new.price_id)
            if new.card_id == DECLINED:
                raise declined()
            paid = new.card_id is not None or price["_amount"] == 0
            made = self.at.put("subscription", self._new_subscription(new, price, paid))
            self.at.tell("customer.subscription.created", made)
            if paid:
                self.at.tell_paid(made)
            return self._subscription(made)

        return self.at.once("subscribe", key, new, make)

    def _new_subscription(self, new: api.NewSubscription, price: Json, paid: bool) -> Json:
        period = {
            "current_period_start": self.at.at,
            "current_period_end": self.at.at + MONTH,
        }
        item = {"id": "si_1", "price": price, "quantity": new.quantity, **period}
        return {
            "id": self.at.new_id("sub"),
            "created": self.at.at,
            "start_date": self.at.at,
            "customer": new.provider_customer_id,
            "items": {"object": "list", "data": [item]},
            "metadata": dict(new.metadata),
            "status": "active" if paid else "incomplete",
            "cancel_at_period_end": False,
        }

    def subscription(self, subscription_id: str) -> api.OpenSubscription:
        found = self._subscription(self.at.get(subscription_id))
        self.at.on_answer()
        return found

    @staticmethod
    def _subscription(made: Json) -> api.OpenSubscription:
        item = made["items"]["data"][0]
        ends = datetime.fromtimestamp(item["current_period_end"], UTC)
        waits, price = made["status"] == "incomplete", item["price"]
        bill = Money(price["_amount"] * item["quantity"], price["_currency"])
        return api.OpenSubscription(
            made["id"],
            made["status"],
            price["id"],
            item["quantity"],
            client_secret=f"{made['id']}_secret" if waits else None,
            due=bill if waits else None,
            cancel_at=ends if made["cancel_at_period_end"] else None,
            ends_period_at=ends,
        )

    def change_plan(self, key: str, change: api.PlanChange) -> api.OpenSubscription:
        def make() -> api.OpenSubscription:
            if change.card_id == DECLINED:
                raise declined()
            items = self.at.get(change.subscription_id)["items"]
            item = {
                **items["data"][0],
                "price": self.at.get(change.price_id),
                "quantity": change.quantity,
            }
            return self._subscription(
                self.at.change(
                    change.subscription_id,
                    "customer.subscription.updated",
                    items={"object": "list", "data": [item]},
                )
            )

        return self.at.once("change_plan", key, change, make)

    def preview_change(self, change: api.PlanChange) -> api.Preview:
        price = self.at.get(change.price_id)
        due = price["_amount"] * change.quantity
        return api.Preview(price["_currency"], due, [api.PreviewLine("the new plan", due)])

    def cancel(self, key: str, subscription_id: str, at_period_end: bool) -> api.OpenSubscription:
        def make() -> api.OpenSubscription:
            if at_period_end:
                self._end_later(subscription_id, True)
            else:
                self.at.end(subscription_id)
            return self.subscription(subscription_id)

        return self.at.once("cancel", key, (subscription_id, at_period_end), make)

    def resume(self, key: str, subscription_id: str) -> api.OpenSubscription:
        def make() -> api.OpenSubscription:
            self._end_later(subscription_id, False)
            return self.subscription(subscription_id)

        return self.at.once("resume", key, subscription_id, make)

    def _end_later(self, subscription_id: str, later: bool) -> None:
        self.at.change(subscription_id, "customer.subscription.updated", cancel_at_period_end=later)

    # ---- visits to the payment page ----

    def open_session(self, key: str, new: api.NewSession) -> api.OpenSession:
        def make() -> api.OpenSession:
            made = {"id": self.at.new_id("cs"), "status": "open", "_new": new}
            return self._session(self.at.put("session", made))

        return self.at.once("open_session", key, new, make)

    def session(self, session_id: str) -> api.OpenSession:
        return self._session(self.at.get(session_id))

    @staticmethod
    def _session(made: dict[str, Any]) -> api.OpenSession:
        new = cast("api.NewSession", made["_new"])
        url, secret = f"https://pay.example/{made['id']}", f"{made['id']}_secret"
        return api.OpenSession(
            made["id"], None if new.hosted else secret, url if new.hosted else None, made["status"]
        )
