"""Refunds."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.refunds import Refund

DESTINATION = {
    "card": {
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    },
    "type": "card",
}


def refund(noun: Refund) -> dict[str, Any]:
    """A refund; the two failure keys are there only once it failed."""
    rendered = {
        "id": noun.id,
        "object": "refund",
        "amount": noun.amount,
        "balance_transaction": noun.balance_transaction,
        "charge": noun.charge,
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "customer_account": None,
        "destination_details": DESTINATION,
        "metadata": noun.metadata,
        "payment_intent": noun.intent,
        "payment_method": noun.payment_method,
        "reason": noun.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": noun.status,
        "transfer_reversal": None,
    }
    if noun.failure_reason is None:
        return rendered
    return {
        **rendered,
        "failure_balance_transaction": noun.failure_balance_transaction,
        "failure_reason": noun.failure_reason,
    }
