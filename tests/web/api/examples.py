"""A sound request for every endpoint, and unsound values for every field."""

from __future__ import annotations

import re
from typing import Any

from web.api.endpoint import Endpoint
from web.api.endpoints import ENDPOINTS

Json = dict[str, Any]

USD = {"minor": 500, "currency": "usd"}
LATER = "2026-10-01T00:00:00Z"

BODIES: dict[str, Json] = {
    "registerCustomer": {"email": "ann@example.org", "name": "Ann"},
    "issueToken": {"lifetime_seconds": 600, "email": "ann@example.org", "name": "Ann"},
    "grantAccess": {"features": ["plan:pro"], "until": LATER, "reason": "a friend of the house"},
    "offerLearningPath": {"name": "Python", "price": USD, "destination": "acct_1"},
    "offerGroup": {
        "name": "Readers",
        "premium": "recurring",
        "price": USD,
        "interval": "month",
        "destination": "acct_1",
    },
    "offerPlan": {
        "name": "Pro",
        "price": USD,
        "interval": "month",
        "features": ["export"],
        "starter": False,
        "beside": True,
    },
    "subscribe": {"plan_id": "pro", "quantity": 2, "card_id": "pm_1"},
    "assignPayment": {"charge_ids": ["fee-1"]},
    "subscribeGroup": {"cart_id": "c1", "quantity": 1, "card_id": "pm_1"},
    "changePlan": {"plan_id": "pro", "quantity": 2, "card_id": "pm_1"},
    "cancelSubscription": {"at_period_end": True},
    "openCardSetup": {"email": "ann@example.org", "name": "Ann"},
    "addCharge": {"amount": USD, "description": "Course fee", "due_at": LATER},
    "payCharges": {"pay_past_due_only": True, "email": "ann@example.org", "name": "Ann"},
    "buyCredits": {
        "price_id": "price_1",
        "packages": 2,
        "return_url": "https://lead.example/back?id={CHECKOUT_SESSION_ID}",
        "hosted": False,
        "email": "ann@example.org",
        "name": "Ann",
    },
    "spendCredits": {"credits": 5},
}
QUERIES = {"mayUse": "?feature=plan:pro", "previewPlan": "?plan_id=pro&quantity=2"}
IDS = {"user_id": "ann"}

LINE = (
    "",
    " \n",
    "a\x00b",
    "tab\there",
    "\u200b",
    "a\u2028b",
    "\U0001f511" * 126,
    7,
    None,
    True,
    ["x"],
    {"x": 1},
)
WHOLE = (0, -1, 2.5, "2", 10**30, None, True, [1])
UNSOUND: dict[str, tuple[object, ...]] = {
    **dict.fromkeys(("name", "description", "reason"), (*LINE, "x" * 501)),
    **dict.fromkeys(
        ("plan_id", "cart_id", "card_id", "price_id", "destination"), (*LINE, "a/b", "x" * 129)
    ),
    **dict.fromkeys(("quantity", "packages", "credits", "lifetime_seconds"), WHOLE),
    **dict.fromkeys(
        ("at_period_end", "hosted", "starter", "beside", "pay_past_due_only"),
        ("true", 1, 0, None, []),
    ),
    **dict.fromkeys(
        ("until", "due_at"),
        ("tomorrow", "2026-10-01", "2026-10-01T00:00:00", 5, [], "9999-12-31T23:59:59-14:00",
         "0001-01-01T00:00:00+14:00", "1999-12-31T00:00:00Z"),
    ),
    **dict.fromkeys(
        ("price", "amount"),
        (5, "5", [], {}, {"minor": 500}, {"currency": "usd"}, {**USD, "minor": -1},
         {**USD, "minor": 5.5}, {**USD, "minor": 10**9}, {**USD, "currency": "USD"},
         {**USD, "currency": "xxx"}, {**USD, "more": 1}),
    ),
    "email": ("ann", "ann@", "a\nb@example.org", "x" * 250 + "@example.org", 5, []),
    "interval": ("decade", 5, [], {}),
    "premium": ("sometimes", None, 5, []),
    "charge_ids": ("", [], [""], [1], ["c"] * 101, {}, None, 1),
    "features": ("x", {}, [5], [""], ["a\x00"], ["x"] * 21, [None]),
    "return_url": ("back", "javascript:alert(1)", "ftp://x.example/", "https://", 5, None,
                   "https://lead.example/" + "x" * 1000),
}  # fmt: skip
"""Field -> what none of the endpoints takes for it; null is for those that need a value."""


def request_of(endpoint: Endpoint, **ids: str) -> tuple[str, Json | None, str]:
    """A sound call, body and key."""
    path = re.sub(r"{(\w+)}", lambda it: (IDS | ids).get(it[1], "id-1"), endpoint.path)
    call = f"{endpoint.method} {path}{QUERIES.get(endpoint.name, '')}"
    return call, BODIES.get(endpoint.name), "key-1" if endpoint.keyed else ""


def unsound() -> list[tuple[Endpoint, str, object]]:
    """Each endpoint with each of its fields, and each unsound value."""
    return [
        (endpoint, field, value)
        for endpoint in ENDPOINTS
        if endpoint.takes
        for field, kind in endpoint.takes().fields.items()
        for value in UNSOUND[field]
        if not (value is None and kind.allow_none)
    ]
