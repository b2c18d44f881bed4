"""Invoices as they are told at every turn of their lives."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.lines import lines
from web.sandbox.truth.invoices import Invoice

SAID_NOTHING: dict[str, Any] = {
    "account_country": "US",
    "account_name": "Academy",
    "account_tax_ids": None,
    "amount_overpaid": 0,
    "amount_paid_off_stripe": 0,
    "amount_shipping": 0,
    "application": None,
    "automatic_tax": {
        "disabled_reason": None,
        "enabled": False,
        "liability": None,
        "provider": None,
        "status": None,
    },
    "automatically_finalizes_at": None,
    "custom_fields": None,
    "customer_account": None,
    "customer_address": None,
    "customer_phone": None,
    "customer_shipping": None,
    "customer_tax_exempt": "none",
    "customer_tax_ids": [],
    "default_payment_method": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "footer": None,
    "from_invoice": None,
    "issuer": {"type": "self"},
    "last_finalization_error": None,
    "latest_revision": None,
    "livemode": False,
    "on_behalf_of": None,
    "payment_settings": {
        "default_mandate": None,
        "payment_method_options": None,
        "payment_method_types": None,
    },
    "post_payment_credit_notes_amount": 0,
    "pre_payment_credit_notes_amount": 0,
    "receipt_number": None,
    "shipping_cost": None,
    "shipping_details": None,
    "statement_descriptor": None,
    "test_clock": None,
    "total_discount_amounts": [],
    "total_pretax_credit_amounts": [],
    "total_taxes": [],
}


def invoice(noun: Invoice) -> dict[str, Any]:
    """An invoice: since 2025-03-31 what it belongs to is its `parent`, and it names no payment."""
    finalized = noun.finalized_at is not None
    return {
        "id": noun.id,
        "object": "invoice",
        **SAID_NOTHING,
        "amount_due": noun.amount_due,
        "amount_paid": noun.amount_paid,
        "amount_remaining": noun.amount_due - noun.amount_paid,
        "attempt_count": noun.attempts,
        "attempted": noun.attempts > 0 or (noun.status == "paid" and not noun.out_of_band),
        "auto_advance": noun.auto_advance,
        "billing_reason": noun.reason,
        "collection_method": noun.collection,
        "created": noun.created,
        "currency": noun.currency,
        "customer": noun.customer,
        "customer_email": noun.customer_email,
        "customer_name": noun.customer_name,
        "due_date": noun.due_date,
        "effective_at": noun.finalized_at,
        "ending_balance": noun.ending_balance,
        "hosted_invoice_url": f"https://invoice.stripe.com/i/{noun.id}" if finalized else None,
        "invoice_pdf": f"https://pay.stripe.com/invoice/{noun.id}/pdf" if finalized else None,
        "lines": lines(noun),
        "metadata": noun.metadata,
        "next_payment_attempt": noun.next_attempt,
        "number": noun.number,
        "parent": _parent(noun),
        "period_end": noun.period_end,
        "period_start": noun.period_start,
        "rendering": RENDERED if finalized else NOT_RENDERED,
        "starting_balance": noun.starting_balance,
        "status": noun.status,
        "status_details": None,
        "status_transitions": _transitions(noun),
        **dict.fromkeys(TOTALS, noun.total),
        "webhooks_delivered_at": noun.created,
    }


TOTALS = ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
RENDERED, NOT_RENDERED = (
    {
        "amount_tax_display": None,
        "pdf": {"page_size": size},
        "template": None,
        "template_version": None,
    }
    for size in ("letter", "auto")
)


def _transitions(noun: Invoice) -> dict[str, Any]:
    return {
        "finalized_at": noun.finalized_at,
        "marked_uncollectible_at": noun.uncollectible_at,
        "paid_at": noun.paid_at,
        "voided_at": noun.voided_at,
    }


def _parent(noun: Invoice) -> dict[str, Any] | None:
    if noun.subscription is None:
        return None
    details = {"metadata": noun.subscription_metadata, "subscription": noun.subscription}
    return {
        "quote_details": None,
        "subscription_details": details,
        "type": "subscription_details",
    }
