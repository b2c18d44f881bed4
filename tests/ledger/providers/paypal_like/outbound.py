"""The second provider's API as checkout asks it."""

from __future__ import annotations

import msgspec

from ledger.providers.outbound import (
    Card,
    NewCustomer,
    NewPayment,
    NewPrice,
    NewProduct,
    NewSession,
    OpenPayment,
    OpenSession,
    OpenSetup,
    PaymentState,
    PricePackage,
    Words,
)
from tests.ledger.providers.paypal_like import shapes
from tests.ledger.providers.paypal_like.agreeing import Agreeing
from tests.ledger.providers.paypal_like.asking import segment
from tests.ledger.providers.paypal_like.wording import custom, features, read_custom, written


class _Id(msgspec.Struct, frozen=True):
    id: str


class _Cards(msgspec.Struct, frozen=True):
    cards: list[shapes.Card]


class _Plans(msgspec.Struct, frozen=True):
    plans: list[shapes.Plan]


class PaypalLikeOutbound(Agreeing):
    """Implements `ledger.providers.outbound.Outbound`."""

    def create_customer(self, key: str, new: NewCustomer) -> str:
        said = {"user_id": new.user_id, "email": new.email, "name": new.name}
        return self._post(_Id, key, "/v1/payers", **said).id

    def update_customer(self, key: str, provider_customer_id: str, new: NewCustomer) -> None:
        said = {"email": new.email, "name": new.name}
        said = {name: text for name, text in said.items() if text is not None}
        self._ask(_Id, "PATCH", f"/v1/payers/{segment(provider_customer_id)}", said, key)

    def cards(self, provider_customer_id: str) -> list[Card]:
        path = f"/v1/payers/{segment(provider_customer_id)}"
        first = self._get(shapes.Payer, path).preferred
        saved = self._get(_Cards, f"{path}/cards").cards
        found = [
            Card(each.id, each.brand.lower(), each.last, each.expiry, each.id == first)
            for each in saved
        ]
        return sorted(found, key=lambda card: not card.is_default)

    def open_setup(self, key: str, provider_customer_id: str) -> OpenSetup:
        return _setup(self._post(shapes.Setup, key, "/v1/vault/setups", payer=provider_customer_id))

    def setup(self, setup_id: str) -> OpenSetup:
        return _setup(self._get(shapes.Setup, f"/v1/vault/setups/{segment(setup_id)}"))

    def use_card(self, key: str, provider_customer_id: str, card_id: str) -> None:
        path = f"/v1/payers/{segment(provider_customer_id)}"
        self._ask(_Id, "PATCH", path, {"card": card_id}, key)

    def open_payment(self, key: str, new: NewPayment) -> OpenPayment:
        order = self._post(
            shapes.Order,
            key,
            "/v2/orders",
            payer=new.provider_customer_id,
            amount=written(new.amount),
            description=new.description,
            custom=custom(new.metadata),
        )
        return _payment(order)

    def payment(self, payment_id: str) -> OpenPayment:
        return _payment(self._get(shapes.Order, f"/v2/orders/{segment(payment_id)}"))

    def cancel_payment(self, key: str, payment_id: str) -> OpenPayment:
        return _payment(self._post(shapes.Order, key, f"/v2/orders/{segment(payment_id)}/void"))

    def create_product(self, key: str, new: NewProduct) -> str:
        return self._post(_Id, key, "/v1/products", name=new.name, about=new.description).id

    def create_price(self, key: str, new: NewPrice) -> str:
        made = self._post(
            _Id,
            key,
            "/v1/plans",
            product=new.product_id,
            name=new.nickname,
            amount=written(new.amount),
            interval=new.interval.upper() if new.interval else None,
            units=int(new.metadata.get("units", 1)),
            gives=features(new.metadata),
        )
        return made.id

    def rename(self, key: str, product_id: str, price_id: str, words: Words) -> None:
        product = {"name": words.name, "about": words.description}
        self._ask(_Id, "PATCH", f"/v1/products/{segment(product_id)}", product, key)
        price = {"name": words.nickname}
        self._ask(_Id, "PATCH", f"/v1/plans/{segment(price_id)}", price, f"{key}:plan")

    def packages(self, product_id: str) -> list[PricePackage]:
        plans = self._get(_Plans, f"/v1/plans?product={segment(product_id)}").plans
        found = [
            PricePackage(plan.id, plan.amount.money, plan.units, plan.name)
            for plan in plans
            if plan.units > 1 and plan.interval is None
        ]
        return sorted(found, key=lambda each: each.amount)

    def open_session(self, key: str, new: NewSession) -> OpenSession:
        visit = self._post(
            shapes.Visit,
            key,
            "/v1/visits",
            payer=new.provider_customer_id,
            plan=new.price_id,
            units=new.units,
            custom=custom({**new.metadata, "user_id": new.client_reference_id}),
            back_to=new.return_url,
            hosted=new.hosted,
        )
        return _session(visit, new.hosted)

    def session(self, session_id: str) -> OpenSession:
        return _session(self._get(shapes.Visit, f"/v1/visits/{segment(session_id)}"), hosted=False)


STATES: dict[str, PaymentState] = {
    "CREATED": "requires_payment_method",
    "COMPLETED": "succeeded",
    "VOIDED": "canceled",
}


def _payment(order: shapes.Order) -> OpenPayment:
    said = read_custom(order.custom)
    return OpenPayment(order.id, STATES[order.status], order.amount.money, order.token, said)


def _setup(setup: shapes.Setup) -> OpenSetup:
    state = "succeeded" if setup.status == "APPROVED" else "requires_payment_method"
    return OpenSetup(setup.id, state, setup.token, setup.card)


def _session(visit: shapes.Visit, hosted: bool) -> OpenSession:
    secret, url = (None, visit.url) if hosted else (visit.token, None)
    return OpenSession(visit.id, secret, url, "open" if visit.status == "OPEN" else "complete")
