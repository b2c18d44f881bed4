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
        "description": None,
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
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def payment_method(noun: PaymentMethod) -> dict[str, Any]:
    """A card on file."""
    return {
        "id": noun.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(None),
        "card": {
            "brand": "visa",
            "checks": CHECKS,
            "country": "US",
            "display_brand": "visa",
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": "SANDBOX" + noun.last4,
            "funding": "credit",
            "generated_from": None,
            "last4": noun.last4,
            "networks": {"available": ["visa"], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": noun.created,
        "customer": noun.customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


CHECKS = {
    "address_line1_check": None,
    "address_postal_code_check": None,
    "cvc_check": "pass",
}


def billing_details(email: str | None) -> dict[str, Any]:
    """What the payer told about themselves."""
    return {
        "address": NO_ADDRESS,
        "email": email,
        "name": None,
        "phone": None,
        "tax_id": None,
    }
