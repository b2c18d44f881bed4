"""Which fields and words are newer than a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Added(NamedTuple):
    """Fields an object (every one of them, for '*') has had since a version."""

    since: str
    object: str
    fields: frozenset[str]


class Reworded(NamedTuple):
    """A field whose words changed with a version: new word to old one."""

    since: str
    object: str
    field: str
    words: Mapping[str, str]


ADDED = tuple(
    Added(since, kind, frozenset(names.split()))
    for since, kind, names in (
        ("2022-11-15", "checkout.session", "collected_information custom_fields custom_text"),
        ("2023-08-16", "invoice", "subscription_details"),
        ("2023-08-16", "subscription", "cancellation_details trial_settings"),
        ("2023-10-16", "checkout.session", "client_secret ui_mode"),
        ("2024-06-20", "invoice", "automatically_finalizes_at issuer rendering"),
        ("2024-06-20", "payment_method", "allow_redisplay"),
        ("2024-10-28", "checkout.session", "adaptive_pricing saved_payment_method_options"),
        ("2024-10-28", "invoice", "total_pretax_credit_amounts"),
        ("2024-10-28", "line_item", "pretax_credit_amounts"),
        ("2025-03-31", "invoice", "amount_overpaid"),
        ("2025-06-30", "subscription", "billing_mode"),
        ("2025-09-30", "checkout.session", "branding_settings excluded_payment_method_types"),
        ("2025-09-30", "checkout.session", "origin_context"),
        ("2025-09-30", "payment_intent", "excluded_payment_method_types payment_details"),
        ("2025-12-15", "*", "customer_account"),
        ("2026-03-25", "checkout.session", "integration_identifier managed_payments"),
        ("2026-03-25", "invoiceitem", "quantity_decimal"),
        ("2026-03-25", "line_item", "quantity_decimal subtotal"),
        ("2026-03-25", "payment_intent", "managed_payments"),
        ("2026-03-25", "subscription", "billing_schedules managed_payments"),
        ("2026-05-27", "invoice", "amount_paid_off_stripe"),
        ("2026-05-27", "subscription_item", "billed_until"),
        ("2026-07-29", "refund", "customer payment_method"),
        ("2026-09-30", "checkout.session", "allowed_payment_method_types"),
        ("2026-09-30", "invoice", "status_details"),
        ("2026-09-30", "payment_intent", "allowed_payment_method_types payment_record"),
        ("2026-09-30", "subscription", "status_details"),
    )
)
REWORDED = (
    Reworded("2024-04-10", "payment_intent", "capture_method", {"automatic_async": "automatic"}),
    Reworded(
        "2026-03-25",
        "checkout.session",
        "ui_mode",
        {"elements": "custom", "embedded_page": "embedded", "hosted_page": "hosted"},
    ),
)
