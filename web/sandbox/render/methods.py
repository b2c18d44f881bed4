"""What payments and charges say about the method that was used."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.customers import CHECKS
from web.sandbox.truth.intents import Charge

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
    "us_bank_account": {"us_bank_account": {"verification_method": "automatic"}},
}


def method_options(method: str) -> dict[str, Any]:
    """`payment_method_options` of a payment intent."""
    return OPTIONS[method]


def method_details(noun: Charge) -> dict[str, Any]:
    """`payment_method_details` of a charge."""
    if noun.method == "card":
        return {"card": _card(noun.amount, noun.last4, noun.brand), "type": "card"}
    return {noun.method: {**ACCOUNTS[noun.method], "last4": noun.last4}, "type": noun.method}


SEPA = {
    "bank_code": "37040044",
    "branch_code": "",
    "country": "DE",
    "fingerprint": "SANDBOXSEPA",
    "mandate": None,
}
ACCOUNTS: dict[str, dict[str, Any]] = {
    "sepa_debit": SEPA,
    "us_bank_account": {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "expected_debit_date": None,
        "fingerprint": "SANDBOXBANK",
        "mandate": None,
        "payment_reference": None,
        "routing_number": "110000000",
    },
}
UNAVAILABLE = {"status": "unavailable"}


def _card(amount: int, last4: str, brand: str) -> dict[str, Any]:
    return {
        "amount_authorized": amount,
        "authorization_code": "123456",
        "brand": brand,
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
        "network": brand,
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
