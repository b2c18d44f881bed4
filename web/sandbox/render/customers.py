"""Customers and their cards."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.customers import Customer, PaymentMethod

NO_ADDRESS = {
    "city": None,
    "country": None,
    "line1": None,
    "line2": None,
    "postal_code": None,
    "state": None,
}


def customer(noun: Customer) -> dict[str, Any]:
    """A customer; sources, subscriptions and tax ids are not included unless asked for."""
    return {
        "id": noun.id,
        "object": "customer",
        "address": None,
        "balance": noun.balance,
        "created": noun.created,
        "currency": noun.currency,
        "customer_account": None,
        "default_source": None,
        "delinquent": noun.delinquent,
        "description": noun.description,
        "discount": None,
        "email": noun.email,
        "invoice_prefix": noun.invoice_prefix,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": noun.default_payment_method,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": noun.metadata,
        "name": noun.name,
        "next_invoice_sequence": noun.next_invoice_sequence,
        "phone": noun.phone,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": noun.test_clock,
    }


def payment_method(noun: PaymentMethod) -> dict[str, Any]:
    """A card on file, or a bank account."""
    return {
        "id": noun.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(noun.email, noun.name),
        noun.type: DETAILS[noun.type](noun),
        "created": noun.created,
        "customer": noun.customer,
        "customer_account": None,
        "livemode": False,
        "metadata": noun.metadata,
        "type": noun.type,
    }


def _card(noun: PaymentMethod) -> dict[str, Any]:
    return {
        "brand": noun.brand,
        "checks": CHECKS,
        "country": "US",
        "display_brand": noun.brand,
        "exp_month": noun.exp_month,
        "exp_year": noun.exp_year,
        "fingerprint": "SANDBOX" + noun.last4,
        "funding": "credit",
        "generated_from": None,
        "last4": noun.last4,
        "networks": {"available": [noun.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _sepa(noun: PaymentMethod) -> dict[str, Any]:
    return {
        "bank_code": "19043",
        "branch_code": "",
        "country": "AT",
        "fingerprint": "SANDBOX" + noun.last4,
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": noun.last4,
    }


def _us_bank_account(noun: PaymentMethod) -> dict[str, Any]:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": "SANDBOX" + noun.last4,
        "last4": noun.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }


DETAILS = {"card": _card, "sepa_debit": _sepa, "us_bank_account": _us_bank_account}
"""What a payment method says of itself, by its type."""
CHECKS = {
    "address_line1_check": None,
    "address_postal_code_check": None,
    "cvc_check": "pass",
}


def billing_details(email: str | None, name: str | None = None) -> dict[str, Any]:
    """What the payer told about themselves."""
    return {
        "address": NO_ADDRESS,
        "email": email,
        "name": name,
        "phone": None,
        "tax_id": None,
    }
