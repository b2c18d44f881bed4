"""Balance transactions, as they are fetched: no event has one but a dispute's."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.transactions import BalanceTransaction

DESCRIPTIONS = {
    "dispute": "Chargeback withdrawal",
    "dispute_reversal": "Chargeback reversal",
    "refund": "REFUND FOR CHARGE",
}


def balance_transaction(
    noun: BalanceTransaction, at: int, source: dict[str, Any] | None = None
) -> dict[str, Any]:
    """How it stands at `at` (Unix seconds); with its `source` in place of the id, if expanded."""
    return {
        "id": noun.id,
        "object": "balance_transaction",
        "amount": noun.amount,
        "available_on": noun.available_on,
        "balance_type": "payments",
        "created": noun.created,
        "currency": noun.currency,
        "description": DESCRIPTIONS.get(noun.reporting_category),
        "exchange_rate": None,
        "fee": noun.fee,
        "fee_details": [_fee(noun)] if noun.fee else [],
        "net": noun.net,
        "reporting_category": noun.reporting_category,
        "source": source or noun.source,
        "status": "available" if at >= noun.available_on else "pending",
        "type": noun.type,
    }


def _fee(noun: BalanceTransaction) -> dict[str, Any]:
    disputed = noun.reporting_category == "dispute"
    return {
        "amount": noun.fee,
        "application": None,
        "currency": noun.currency,
        "description": "Dispute fee" if disputed else "Stripe processing fees",
        "type": "stripe_fee",
    }
