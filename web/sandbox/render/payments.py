"""Payment intents and charges."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.customers import billing_details
from web.sandbox.render.methods import method_details, method_options, outcome
from web.sandbox.truth.intents import Charge, Intent

MESSAGES = {
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "card_declined": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "generic_decline": "Your card was declined.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "insufficient_funds": "Your card has insufficient funds.",
    "payment_intent_authentication_failure": (
        "We are unable to authenticate your payment method. "
        "Please choose a different payment method and try again."
    ),
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "setup_intent_authentication_failure": (
        "We are unable to authenticate your payment method. "
        "Please choose a different payment method and try again."
    ),
}
OWN_CODES = {
    "authentication_required",
    "expired_card",
    "incorrect_cvc",
    "payment_intent_authentication_failure",
    "processing_error",
    "setup_intent_authentication_failure",
}
"""Reasons that are error codes as well; the others come with `card_declined`."""


INTENT_SAID_NOTHING: dict[str, Any] = {
    "allowed_payment_method_types": None,
    "amount_details": {"tip": {}},
    "application": None,
    "confirmation_method": "automatic",
    "customer_account": None,
    "excluded_payment_method_types": None,
    "livemode": False,
    "managed_payments": None,
    "payment_method_configuration_details": None,
    "payment_record": None,
    "processing": None,
    "review": None,
    "shipping": None,
    "source": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
}


def payment_intent(noun: Intent) -> dict[str, Any]:
    """A payment intent: no charges inside (since 2022-11-15), no invoice (since 2025-03-31)."""
    rendered: dict[str, Any] = {
        "id": noun.id,
        "object": "payment_intent",
        **INTENT_SAID_NOTHING,
        "amount": noun.amount,
        "amount_capturable": noun.amount_capturable,
        "amount_received": noun.amount_received,
        "application_fee_amount": noun.fee_minor,
        "automatic_payment_methods": _automatic(noun),
        "canceled_at": noun.canceled_at,
        "cancellation_reason": noun.cancellation_reason,
        "capture_method": noun.capture,
        "client_secret": noun.secret,
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "description": noun.description,
        "last_payment_error": _error(noun),
        "latest_charge": noun.latest_charge,
        "metadata": noun.metadata,
        "next_action": next_action(noun.challenge, noun.return_url),
        "on_behalf_of": noun.on_behalf_of,
        "payment_method": noun.payment_method,
        "payment_method_options": method_options(noun.method),
        "payment_method_types": list(noun.offered or (noun.method,)),
        "receipt_email": noun.receipt_email,
        "setup_future_usage": noun.setup_future_usage,
        "status": noun.status,
        "transfer_data": _transfer(noun),
        "transfer_group": noun.transfer_group,
    }
    if noun.order_reference is not None:
        # Stripe leaves the key out until there is something to say.
        reference = {"customer_reference": None, "order_reference": noun.order_reference}
        rendered["payment_details"] = reference
    return rendered


CHARGE_SAID_NOTHING: dict[str, Any] = {
    "application": None,
    "application_fee": None,
    "calculated_statement_descriptor": "ACADEMY",
    "dispute": None,
    "failure_balance_transaction": None,
    "fraud_details": {},
    "livemode": False,
    "order": None,
    "radar_options": {},
    "receipt_number": None,
    "review": None,
    "shipping": None,
    "source": None,
    "source_transfer": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
}


def charge(noun: Charge) -> dict[str, Any]:
    """A charge, its refunds not included (since 2022-11-15)."""
    return {
        "id": noun.id,
        "object": "charge",
        **CHARGE_SAID_NOTHING,
        "amount": noun.amount,
        "amount_captured": noun.amount_captured,
        "amount_refunded": noun.amount_refunded,
        "application_fee_amount": noun.fee_minor,
        "balance_transaction": noun.balance_transaction,
        "billing_details": billing_details(noun.email),
        "captured": noun.amount_captured > 0,
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "description": noun.description,
        "destination": noun.destination,
        "disputed": noun.disputed,
        "failure_code": noun.failure_code,
        "failure_message": message(noun.failure_code) if noun.failure_code else None,
        "metadata": noun.metadata,
        "on_behalf_of": noun.on_behalf_of,
        "outcome": outcome(noun.failure_code),
        "paid": noun.status != "failed",
        "payment_intent": noun.intent,
        "payment_method": noun.payment_method,
        "payment_method_details": method_details(noun),
        "receipt_email": noun.email,
        "receipt_url": f"https://pay.stripe.com/receipts/{noun.id}",
        "refunded": 0 < noun.amount == noun.amount_refunded,
        "status": noun.status,
        "transfer_data": _transfer(noun),
        "transfer_group": noun.transfer_group,
    }


def next_action(challenge: str | None, return_url: str | None) -> dict[str, Any] | None:
    """What the payer is to do: go to their bank, and come back if there is where to."""
    if challenge is None:
        return None
    if return_url is None:
        return {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"stripe_js": challenge, "type": "three_d_secure_redirect"},
        }
    return {
        "redirect_to_url": {"return_url": return_url, "url": challenge},
        "type": "redirect_to_url",
    }


def error_code(reason: str) -> str:
    """Stripe's `code` for a reason why a payment failed."""
    return reason if reason in OWN_CODES else "card_declined"


def message(reason: str) -> str:
    """What the payer is told about that reason."""
    return MESSAGES.get(reason, "Your card was declined.")


def _automatic(noun: Intent) -> dict[str, Any] | None:
    """Told of old: an intent of the application's own, which has metadata, is open to all."""
    automatic = noun.automatic
    if automatic is None:
        automatic = noun.invoice is None and noun.metadata != {}
    return {"enabled": True} if automatic else None


def _transfer(noun: Intent | Charge) -> dict[str, Any] | None:
    if noun.destination is None:
        return None
    return {"amount": noun.transfer_minor, "destination": noun.destination}


def _error(noun: Intent) -> dict[str, Any] | None:
    if noun.error is None:
        return None
    return {
        "charge": noun.latest_charge,
        "code": error_code(noun.error),
        "decline_code": noun.error,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": message(noun.error),
        "type": "card_error",
    }
