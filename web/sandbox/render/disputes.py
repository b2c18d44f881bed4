"""Disputes with their balance transactions, which are where the money is."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.disputes import FEE_MINOR, Dispute
from web.sandbox.truth.transactions import AVAILABLE_AFTER_DAYS

EVIDENCE_DAYS = 9
EVIDENCE_KEYS = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
]


def dispute(noun: Dispute) -> dict[str, Any]:
    """A dispute or an inquiry."""
    return {
        "id": noun.id,
        "object": "dispute",
        "amount": noun.amount,
        "balance_transactions": _moves(noun),
        "charge": noun.charge,
        "created": noun.created,
        "currency": noun.currency,
        "enhanced_eligibility_types": [],
        "evidence": _evidence(noun),
        "evidence_details": {
            "due_by": noun.created + EVIDENCE_DAYS * DAY,
            "enhanced_eligibility": {},
            "has_evidence": noun.evidence,
            "past_due": False,
            "submission_count": 1 if noun.evidence else 0,
        },
        "is_charge_refundable": noun.inquiry,
        "livemode": False,
        "metadata": noun.metadata,
        "payment_intent": noun.intent,
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "case_type": "inquiry" if noun.inquiry else "chargeback",
                "network": "visa",
                "network_reason_code": "13.1",
            },
            "type": "card",
        },
        "reason": noun.reason,
        "status": noun.status,
    }


def _evidence(noun: Dispute) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(EVIDENCE_KEYS)
    text = "The curriculum was opened on the day of purchase." if noun.evidence else None
    return {**empty, "enhanced_evidence": {}, "uncategorized_text": text}


def _moves(noun: Dispute) -> list[dict[str, Any]]:
    """Zero, one (withdrawn) or two (and reinstated) movements of money."""
    moves = []
    if noun.withdrawn is not None:
        moves.append(_transaction(noun, noun.withdrawn, noun.created, -noun.amount, FEE_MINOR))
    if noun.reinstated is not None and noun.closed_at is not None:
        moves.append(_transaction(noun, noun.reinstated, noun.closed_at, noun.amount, 0))
    return moves


def _transaction(noun: Dispute, key: str, at: int, amount: int, fee: int) -> dict[str, Any]:
    details = {"amount": fee, "application": None, "currency": noun.currency}
    described = {**details, "description": "Dispute fee", "type": "stripe_fee"}
    return {
        "id": key,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": at + AVAILABLE_AFTER_DAYS * DAY,
        "balance_type": "payments",
        "created": at,
        "currency": noun.currency,
        "description": f"Chargeback {'withdrawal' if amount < 0 else 'reversal'}",
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [described] if fee else [],
        "net": amount - fee,
        "reporting_category": "dispute" if amount < 0 else "dispute_reversal",
        "source": noun.id,
        "status": "pending",
        "type": "adjustment",
    }
