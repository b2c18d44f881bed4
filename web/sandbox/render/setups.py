"""Setup intents."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.payments import error_code, message, next_action
from web.sandbox.truth.setups import Setup

SAID_NOTHING: dict[str, Any] = {
    "application": None,
    "customer_account": None,
    "excluded_payment_method_types": None,
    "flow_directions": None,
    "latest_attempt": None,
    "livemode": False,
    "mandate": None,
    "on_behalf_of": None,
    "payment_method_configuration_details": None,
    "single_use_mandate": None,
}


def setup_intent(noun: Setup) -> dict[str, Any]:
    """An intent to save a card."""
    return {
        "id": noun.id,
        "object": "setup_intent",
        **SAID_NOTHING,
        "automatic_payment_methods": {"enabled": True} if noun.automatic else None,
        "cancellation_reason": noun.cancellation_reason,
        "client_secret": noun.secret,
        "created": noun.created,
        "customer": noun.customer,
        "description": noun.description,
        "last_setup_error": _error(noun),
        "metadata": noun.metadata,
        "next_action": next_action(noun.challenge, noun.return_url),
        "payment_method": noun.payment_method,
        "payment_method_options": {
            "card": {
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": list(noun.offered),
        "status": noun.status,
        "usage": noun.usage,
    }


def _error(noun: Setup) -> dict[str, Any] | None:
    if noun.error is None:
        return None
    return {
        "code": error_code(noun.error),
        "decline_code": noun.error,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": message(noun.error),
        "type": "card_error",
    }
