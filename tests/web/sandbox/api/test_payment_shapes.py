"""What the stand-in answers about payments has the fields, and the types, of recorded objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.corpus import CORPUS
from tests.web.sandbox.api.conftest import Sandbox

pytestmark = pytest.mark.skipif(CORPUS is None, reason="STRIPE_CORPUS names no recorded payloads")

CLASSES: dict[str, type] = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "coupon": stripe.Coupon,
    "customer": stripe.Customer,
    "dispute": stripe.Dispute,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "price": stripe.Price,
    "product": stripe.Product,
    "refund": stripe.Refund,
    "setup_intent": stripe.SetupIntent,
}
"""Kinds of objects that are looked at; the library knows what is newer than any recording."""
Types = dict[tuple[str, str], set[str]]


def test_answers_have_the_fields_and_types_of_recorded_objects(sandbox: Sandbox) -> None:
    ours, theirs = types(answers(sandbox)), types(recorded())

    assert {kind for kind, _ in ours} >= CLASSES.keys()
    unrecorded = {each for each in ours.keys() - theirs.keys() if each[0] in CLASSES}
    assert {
        (kind, name) for kind, name in unrecorded if name not in CLASSES[kind].__annotations__
    } == set()
    other = {
        field: (told, theirs[field])
        for field, told in ours.items()
        if theirs.get(field) and told - theirs[field]
    }
    assert other == {}


def test_answers_lack_no_field_of_stripes_own_examples(sandbox: Sandbox) -> None:
    ours = types(answers(sandbox))
    examples = types(recorded("events/stripe__openapi-synthetic.jsonl"))

    missing = {each for each in examples.keys() - ours.keys() if each[0] in CLASSES}
    assert missing <= {("charge", "refunds"), ("refund", "livemode")}  # never in answers


def answers(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Everything the stand-in can show of a shop where all kinds of things happened."""
    client = sandbox.client()
    happened(sandbox, client)
    paths = (
        *("customers", "products", "prices", "coupons", "payment_intents", "setup_intents"),
        *("charges", "refunds", "disputes", "checkout/sessions"),
    )
    told = [_asked(client, f"/v1/{path}?limit=100") for path in paths]
    charged = [each for page in told for each in page["data"] if each["object"] == "charge"]
    moved = [each["balance_transaction"] for each in charged if each["balance_transaction"]]
    methods = {each["payment_method"] for each in charged}
    return [
        *told,
        *(_asked(client, f"/v1/balance_transactions/{each}") for each in moved),
        *(_asked(client, f"/v1/payment_methods/{each}") for each in methods),
    ]


def happened(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    ada = client.v1.customers.create({"email": "ada@example.com", "payment_method": "pm_card_visa"})
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Credits"}}
    )
    coupon = client.v1.coupons.create({"percent_off": 50})
    client.v1.setup_intents.create({"customer": ada.id})
    for card in ("pm_card_visa", "pm_card_createDispute", "pm_card_threeDSecure2Required"):
        client.v1.payment_intents.create(
            {
                "amount": 4900,
                "currency": "usd",
                "customer": ada.id,
                "payment_method": card,
                "confirm": True,
                "transfer_data": {"destination": "acct_1"},
            }
        )
    paid = client.v1.payment_intents.list().data[-1]
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.create(
            {
                "amount": 4900,
                "currency": "usd",
                "payment_method": "pm_card_chargeDeclined",
                "confirm": True,
            }
        )
    visited(client, ada, price, coupon)
    sandbox.world.move(10)


def visited(
    client: stripe.StripeClient,
    ada: stripe.Customer,
    price: stripe.Price,
    coupon: stripe.Coupon,
) -> None:
    """Two visits to Checkout, one of them paid."""
    for _ in range(2):
        visit = client.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "customer": ada.id,
                "line_items": [{"price": price.id, "quantity": 3}],
                "success_url": "https://app.test/done",
                "discounts": [{"coupon": coupon.id}],
            }
        )
    client.raw_request("post", f"/sandbox/checkout/sessions/{visit.id}/pay")


def _asked(client: stripe.StripeClient, path: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(client.raw_request("get", path).body)
    return told


def recorded(pattern: str = "*/*.jsonl") -> list[Any]:
    """Objects of the recorded streams and of Stripe's own newest examples."""
    paths = sorted(Path(CORPUS or "").glob(pattern))
    lines = (line for path in paths for line in path.read_text().splitlines())
    return [json.loads(line)["event"]["data"]["object"] for line in lines]


def types(objects: list[Any]) -> Types:
    """JSON types by kind of object and field; what is only ever null has none."""
    found: Types = {}
    for each in objects:
        _collect(each, found)
    return found


def _collect(value: Any, found: Types) -> None:
    if isinstance(value, list):
        for each in value:
            _collect(each, found)
    elif isinstance(value, dict):
        kind = value.get("object")
        for name, inner in value.items():
            if isinstance(kind, str):
                known = found.setdefault((kind, name), set())
                known |= {_type(inner)} - {"null"}
            _collect(inner, found)


def _type(value: Any) -> str:
    names = {bool: "boolean", int: "number", float: "number", str: "string", dict: "object"}
    return "null" if value is None else names.get(type(value), "array")
