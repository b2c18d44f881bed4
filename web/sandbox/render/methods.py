"""What payments and charges say about the method that was used."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.customers import CHECKS

OPTIONS: dict[str, dict[str, Any]] = {
    "card": {
        "card": {
            "installments": None,
            "mandate_options": None,
            "network": None,
            "request_three_d_secure": "automatic",
        }
    },
    "sepa_debit": {"sepa_debit": {}},
}


def method_options(method: str) -> dict[str, Any]:
    """`payment_method_options` of a payment intent."""
    return OPTIONS[method]


def method_details(method: str, amount: int, last4: str) -> dict[str, Any]:
    """`payment_method_details` of a charge; amount in minor units."""
    if method == "card":
        return {"card": _card(amount, last4), "type": "card"}
    return {"sepa_debit": {**SEPA, "last4": last4}, "type": "sepa_debit"}


SEPA = {
    "bank_code": "37040044",
    "branch_code": "",
    "country": "DE",
    "fingerprint": "SANDBOXSEPA",
    "mandate": None,
}
UNAVAILABLE = {"status": "unavailable"}


def _card(amount: int, last4: str) -> dict[str, Any]:
    return {
        "amount_authorized": amount,
        "authorization_code": "123456",
        "brand": "visa",
        "checks": CHECKS,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": "SANDBOX" + last4,
        "funding": "credit",
        "incremental_authorization": UNAVAILABLE,
        "installments": None,
        "last4": last4,
        "mandate": None,
        "multicapture": UNAVAILABLE,
        "network": "visa",
        "network_token": {"used": False},
        "network_transaction_id": "100000000000001",
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }


APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 20,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def outcome(failure_code: str | None) -> dict[str, Any]:
    """What the network said."""
    if failure_code is None:
        return APPROVED
    return {
        **APPROVED,
        "network_status": "declined_by_network",
        "reason": failure_code,
        "seller_message": "The bank returned a decline.",
        "type": "issuer_declined",
    }
