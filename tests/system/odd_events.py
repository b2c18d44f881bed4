"""Signed events that say what cannot be, made from the year's own; each has ids of its own."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.system.year import the_year

Event = dict[str, Any]

MAX = 2**63 - 1
GONE = object()
_numbers = count(1)


def made(type_: str, **fields: Any) -> Event:
    """The year's first event of this type, with ids of its own and other `fields` in its object.

    A field set to GONE is taken away.
    """
    odd = copy.deepcopy(next(each for each in the_year().events if each["type"] == type_))
    number = next(_numbers)
    odd["id"] = f"evt_odd_{number}"
    about = {**odd["data"]["object"], "id": f"{odd['data']['object']['id']}_odd_{number}", **fields}
    odd["data"]["object"] = {name: value for name, value in about.items() if value is not GONE}
    return odd


def refusable() -> Iterator[Event]:
    """What is taken in, and then refused with a reason."""
    for fields in INTENTS:
        yield made("payment_intent.succeeded", **fields)
    for type_, fields in OTHERS:
        yield made(type_, **fields)
    for data in DATA:
        yield {**made("payment_intent.succeeded"), "data": data}


def nested(depth: int) -> Any:
    """Lists in lists."""
    return json.loads("[" * depth + "]" * depth)


INTENTS: list[dict[str, Any]] = [
    {"amount": GONE},
    {"currency": GONE},
    {"created": GONE},
    {"id": GONE},
    {"id": None},
    {"id": ""},
    {"id": 7},
    {"id": "pi_" + "x" * 300},
    {"amount": "4900"},
    {"amount": 49.5},
    {"amount": True},
    {"amount": None},
    {"amount": -1},
    {"amount": MAX + 1},
    {"amount": 10**300},
    {"amount_received": -4900},
    {"amount_received": 2**64},
    {"currency": "zzz"},
    {"currency": ""},
    {"currency": 840},
    {"created": -1},
    {"created": 10**12},
    {"created": "yesterday"},
    {"id": "pi_a\0b"},
    {"id": "pi_\N{GRINNING FACE}"},
    {"customer": "cus_\n"},
    {"metadata": {"user_id": "u" * 3000, "credits": "5"}},
    {"metadata": {"user_id": "\N{GRINNING FACE}" * 200, "credits": "5"}},
    {"metadata": {"user_id": "u1", "learning_path_id": "7" * 100_000}},
    {"metadata": "none"},
    {"metadata": {"user_id": 7}},
    {"metadata": {"user_id": ["u1"]}},
    {"metadata": {"user_id": "u1", "credits": "a few"}},
    {"metadata": {"user_id": "u1", "credits": "-5"}},
    {"metadata": {"user_id": "u1", "credits": "1e3"}},
    {"metadata": {"user_id": "u1", "credits": "9" * 30}},
    {"metadata": {"user_id": "u1", "credits": "٣"}},
    {"description": 7},
    {"description": "x" * 6000},
    {"customer": {"object": "customer"}},
    {"receipt_email": nested(500)},
]

OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("customer.created", {"email": 7}),
    ("customer.created", {"created": None}),
    ("charge.succeeded", {"amount": -1}),
    ("charge.succeeded", {"currency": "zzz"}),
    ("charge.refunded", {"amount_refunded": "all"}),
    ("refund.created", {"amount": -1}),
    ("checkout.session.completed", {"payment_status": GONE}),
    ("checkout.session.completed", {"amount_total": 2**63}),
    ("customer.subscription.created", {"items": None}),
    ("customer.subscription.created", {"items": {"data": [{}]}}),
    ("customer.subscription.created", {"status": 1}),
    ("customer.subscription.created", {"trial_end": 10**15}),
    ("invoice.paid", {"amount_paid": GONE}),
    ("invoice.paid", {"lines": {"data": [{"period": {"start": 1}}]}}),
    ("invoice.paid", {"currency": "dollars"}),
    ("invoice.paid", {"status_transitions": {"paid_at": 253_402_300_799}}),
    ("checkout.session.completed", {"client_reference_id": "u" * 3000, "metadata": {}}),
    ("charge.dispute.created", {"amount": -1}),
    ("invoice_payment.paid", {"payment": None}),
]

DATA: list[Any] = [{}, None, [], {"object": None}, {"object": []}, {"object": {}}]
