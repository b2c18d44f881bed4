"""Checkout Sessions, whose line items are never part of an event."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.catalog import price
from web.sandbox.render.customers import NO_ADDRESS
from web.sandbox.truth.sessions import Places, Session, Sold

SAID_NOTHING: dict[str, Any] = {
    "adaptive_pricing": {"enabled": True},
    "after_expiration": None,
    "allow_promotion_codes": None,
    "allowed_payment_method_types": None,
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "billing_address_collection": None,
    "branding_settings": None,
    "collected_information": None,
    "consent": None,
    "consent_collection": None,
    "currency_conversion": None,
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "customer_account": None,
    "excluded_payment_method_types": None,
    "integration_identifier": None,
    "livemode": False,
    "locale": None,
    "managed_payments": None,
    "origin_context": None,
    "payment_link": None,
    "payment_method_configuration_details": None,
    "permissions": None,
    "phone_number_collection": {"enabled": False},
    "recovered_from": None,
    "saved_payment_method_options": None,
    "shipping_address_collection": None,
    "shipping_cost": None,
    "shipping_options": [],
    "submit_type": None,
    "wallet_options": None,
}


def session(noun: Session) -> dict[str, Any]:
    """A Checkout Session."""
    return {
        "id": noun.id,
        "object": "checkout.session",
        **SAID_NOTHING,
        **_places(noun),
        "amount_subtotal": noun.amount_subtotal,
        "amount_total": noun.amount_total,
        "client_reference_id": noun.client_reference_id,
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "customer_creation": _creation(noun),
        "customer_details": _details(noun),
        "customer_email": None if noun.customer else noun.email,
        "discounts": _discounts(noun),
        "expires_at": noun.expires_at,
        "invoice": noun.invoice,
        "invoice_creation": INVOICE_CREATION if noun.mode == "payment" else None,
        "metadata": noun.metadata,
        "mode": noun.mode,
        "payment_intent": noun.intent,
        "payment_method_collection": "if_required" if noun.mode == "payment" else "always",
        "payment_method_options": {noun.method: {}},
        "payment_method_types": list(noun.offered or (noun.method,)),
        "payment_status": noun.payment_status,
        "setup_intent": noun.setup,
        "status": noun.status,
        "subscription": noun.subscription,
        "total_details": {
            "amount_discount": noun.discount,
            "amount_shipping": 0,
            "amount_tax": 0,
        },
    }


def _places(noun: Session) -> dict[str, Any]:
    """Where the visit takes place and leads to; a page of ours shows it by its secret."""
    places = noun.places or _simulated(noun)
    embedded = places.ui_mode != "hosted_page"
    told = {
        "cancel_url": places.cancel_url,
        "client_secret": f"{noun.id}_secret_sandbox" if embedded else None,
        "success_url": places.success_url,
        "ui_mode": places.ui_mode,
        "url": places.url if noun.status == "open" else None,
    }
    return {**told, "return_url": places.return_url} if places.return_url else told


def line_item(noun: Sold) -> dict[str, Any]:
    """One line of what a session sells, which is shown only when it is asked for."""
    return {
        "id": noun.id,
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": noun.amount,
        "amount_tax": 0,
        "amount_total": noun.amount,
        "currency": noun.price.currency,
        "description": noun.description,
        "metadata": {},
        "price": price(noun.price),
        "quantity": noun.quantity,
    }


def _discounts(noun: Session) -> list[dict[str, Any]]:
    if not noun.discount:
        return []
    return [{"coupon": noun.coupon or "FREE", "promotion_code": None}]


def _simulated(noun: Session) -> Places:
    """Where the visits take place of which no API was asked."""
    return Places(
        url=f"https://checkout.stripe.com/c/pay/{noun.id}",
        success_url="https://academy.example/thanks",
        cancel_url="https://academy.example/cancel",
    )


INVOICE_CREATION = {
    "enabled": False,
    "invoice_data": {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": None,
        "metadata": {},
        "rendering_options": None,
    },
}


def _creation(noun: Session) -> str | None:
    """Stripe makes a customer only when it must (since 2022-08-01)."""
    if noun.customer_creation is not None:
        return noun.customer_creation
    return "if_required" if noun.customer is None and noun.mode == "payment" else None


def _details(noun: Session) -> dict[str, Any] | None:
    if noun.status == "expired" or (noun.places is not None and noun.status == "open"):
        return None
    return {
        "address": NO_ADDRESS,
        "business_name": None,
        "email": noun.email,
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
