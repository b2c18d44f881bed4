"""Which types of events a version does not send."""

from __future__ import annotations

UNSENT = (
    ("2024-10-28", frozenset({"refund.created", "refund.updated", "refund.failed"})),
    ("2025-03-31", frozenset({"invoice_payment.paid"})),
)
"""Sent since which version; refunds of charges had `charge.refund.updated` alone before."""


def is_sent(type_: str, api_version: str) -> bool:
    """Whether the version has events of this type."""
    return not any(api_version < since and type_ in types for since, types in UNSENT)
