"""/v1/account and /v1/accounts: the platform itself and the accounts connected to it."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Json, Route
from web.sandbox.api.problems import Problem

PLATFORM = "acct_1SandboxPlatform01"


def own(asked: Asked) -> Json:
    """The account whose key, or which `Stripe-Account`, asks."""
    return _account(asked.account or PLATFORM)


def retrieve(asked: Asked) -> Json:
    """A connected account. Raises Problem for what cannot be one."""
    key = asked.ids["id_"]
    if not key.startswith("acct_"):
        message = (
            f"The provided key does not have access to account '{key}' (or that account does "
            "not exist). Application access may have been revoked."
        )
        raise Problem(403, "invalid_request_error", message, code="account_invalid")
    return _account(key)


def _account(key: str) -> Json:
    return {
        "id": key,
        "object": "account",
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


ROUTES = (
    Route("GET", "/v1/account", own),
    Route("GET", "/v1/accounts/<id_>", retrieve),
)
