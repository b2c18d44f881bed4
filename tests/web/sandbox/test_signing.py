"""Signatures are those of Stripe's own library."""

import pytest
import stripe

from web.sandbox.signing import signature_header

SECRET = "whsec_sandbox"
BODY = '{"id":"evt_1","name":"Zoë"}'


def test_the_real_library_accepts_a_signature() -> None:
    header = signature_header(BODY.encode(), SECRET, 1_790_000_000)
    assert stripe.WebhookSignature.verify_header(BODY, header, SECRET)


def test_it_is_the_header_the_real_library_makes() -> None:
    made = stripe.WebhookSignature.generate_signature_header(BODY, SECRET, 1_790_000_000)
    assert signature_header(BODY.encode(), SECRET, 1_790_000_000) == made


def test_the_real_library_refuses_another_body() -> None:
    header = signature_header(BODY.encode(), SECRET, 1_790_000_000)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(BODY + " ", header, SECRET)
