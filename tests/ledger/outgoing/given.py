"""Endpoints that are called because of what happened."""

from __future__ import annotations

from tests.ledger.mail.given import Life

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PATIENT = {"BILLING_EFFECT_TIMEOUT_SECONDS": "60"}  # however slow the machine


def calling(*urls: str) -> Life:
    """A life of which these endpoints are told, and nobody is written to."""
    endpoints = ", ".join(f"{url} {SECRET}" for url in urls)
    return Life(BILLING_MAIL_DIR="", BILLING_OUTGOING_WEBHOOKS=endpoints, **PATIENT)
