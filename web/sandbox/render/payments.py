"""Payment intents and charges."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.customers import billing_details
from web.sandbox.render.methods import method_details, method_options, outcome
from web.sandbox.truth.intents import Charge, Intent

MESSAGES = {
    "card_declined": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "insufficient_funds": "Your card has insufficient funds.",
}


INTENT_SAID_NOTHING: dict[str, Any] = {
    "allowed_payment_method_types": None,
    "amount_details": {"tip": {}},
    "application": None,
    "application_fee_amount": None,
    "capture_method": "automatic_async",
    "confirmation_method": "automatic",
    "customer_account": None,
    "excluded_payment_method_types": None,
    "livemode": False,
    "managed_payments": None,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method_configuration_details": None,
    "payment_record": None,
    "processing": None,
    "review": None,
    "setup_future_usage": None,
    "shipping": None,
    "source": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_data": None,
    "transfer_group": None,
}


def payment_intent(noun: Intent) -> dict[str, Any]:
    """A payment intent: no charges inside (since 2022-11-15), no invoice (since 2025-03-31)."""
    by_invoice = noun.invoice is not None or noun.metadata == {}
    rendered: dict[str, Any] = {
        "id": noun.id,
        "object": "payment_intent",
        **INTENT_SAID_NOTHING,
        "amount": noun.amount,
        "amount_capturable": 0,
        "amount_received": noun.amount_received,
        "automatic_payment_methods": None if by_invoice else {"enabled": True},
        "canceled_at": noun.canceled_at,
        "cancellation_reason": noun.cancellation_reason,
        "client_secret": f"{noun.id}_secret_sandbox",
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "description": noun.description,
        "last_payment_error": _error(noun),
        "latest_charge": noun.latest_charge,
        "metadata": noun.metadata,
        "payment_method": noun.payment_method,
        "payment_method_options": method_options(noun.method),
        "payment_method_types": [noun.method],
        "receipt_email": noun.receipt_email,
        "status": noun.status,
    }
    if noun.order_reference is not None:
        # Stripe leaves the key out until there is something to say.
        reference = {"customer_reference": None, "order_reference": noun.order_reference}
        rendered["payment_details"] = reference
    return rendered


CHARGE_SAID_NOTHING: dict[str, Any] = {
    "application": None,
    "application_fee": None,
    "application_fee_amount": None,
    "calculated_statement_descriptor": "ACADEMY",
    "destination": None,
    "dispute": None,
    "failure_balance_transaction": None,
    "fraud_details": {},
    "livemode": False,
    "on_behalf_of": None,
    "order": None,
    "radar_options": {},
    "receipt_number": None,
    "review": None,
    "shipping": None,
    "source": None,
    "source_transfer": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_data": None,
    "transfer_group": None,
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
        "balance_transaction": noun.balance_transaction,
        "billing_details": billing_details(noun.email),
        "captured": noun.status == "succeeded",
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "description": noun.description,
        "disputed": noun.disputed,
        "failure_code": noun.failure_code,
        "failure_message": MESSAGES.get(noun.failure_code or ""),
        "metadata": noun.metadata,
        "outcome": outcome(noun.failure_code),
        "paid": noun.status != "failed",
        "payment_intent": noun.intent,
        "payment_method": noun.payment_method,
        "payment_method_details": method_details(noun.method, noun.amount, noun.last4),
        "receipt_email": noun.email,
        "receipt_url": f"https://pay.stripe.com/receipts/{noun.id}",
        "refunded": 0 < noun.amount == noun.amount_refunded,
        "status": noun.status,
    }


def _error(noun: Intent) -> dict[str, Any] | None:
    if noun.error is None:
        return None
    return {
        "charge": noun.latest_charge,
        "code": "expired_card" if noun.error == "expired_card" else "card_declined",
        "decline_code": noun.error,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": MESSAGES[noun.error],
        "type": "card_error",
    }
