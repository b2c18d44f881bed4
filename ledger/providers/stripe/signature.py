"""Stripe's webhook signature, checked on the raw bytes (docs.stripe.com/webhooks/signature).

The SDK's own check takes one secret, has no age limit by default and costs a third of a second to
import; the receiving process needs none of the rest of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from ledger.errors import NotVerified

HEADER = "Stripe-Signature"


def verify(
    body: bytes, header: str, secrets: Sequence[str], now: datetime, tolerance_seconds: int
) -> None:
    """Raises NotVerified unless one of `secrets` signed `body`, `tolerance_seconds` ago at most.

    Stripe signs once per live secret while a secret is rolled, and we may know several as well.
    """
    timestamp, _ = _parts(header)
    age = now.timestamp() - timestamp
    if abs(age) > tolerance_seconds:
        raise NotVerified(f"the signature's time is {age:+.0f} s off, at most {tolerance_seconds}")
    if not is_signed(body, header, secrets):
        raise NotVerified("no signature matches a secret of this endpoint")


def is_signed(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """Whether one of `secrets` signed `body`, however long ago.

    Raises NotVerified for what is no signature header.
    """
    timestamp, signatures = _parts(header)
    expected = [sign(body, secret, timestamp).encode() for secret in secrets]
    given = [signature.encode(errors="replace") for signature in signatures]
    return any(hmac.compare_digest(one, other) for one in expected for other in given)


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """The v1 signature: HMAC-SHA256 over the time, a dot and the raw body, in hex."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, sha256).hexdigest()


def header(body: bytes, secret: str, timestamp: int) -> str:
    """The value of the Stripe-Signature header for `body`."""
    return f"t={timestamp},v1={sign(body, secret, timestamp)}"


def _parts(value: str) -> tuple[int, list[str]]:
    pairs = [part.strip().partition("=") for part in value.split(",")]
    times = [text for key, _, text in pairs if key == "t"]
    signatures = [text for key, _, text in pairs if key == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 12:
        raise NotVerified("the signature header names no time")
    if not signatures:
        raise NotVerified("the signature header has no v1 signature")
    return int(times[0]), signatures
