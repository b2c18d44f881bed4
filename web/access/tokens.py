"""A customer's token: signed, short-lived, and only for what customers may do for themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from itsdangerous import BadData, URLSafeSerializer

from web.access.problems import NotConfigured

LIFETIME_SECONDS = 15 * 60
LEAST_SECONDS, MOST_SECONDS = 60, 60 * 60
SALTS = {False: "billing customer token, test", True: "billing customer token, live"}


class Bearer(msgspec.Struct, frozen=True):
    """Whom a token is for, in the application's own words, and until when."""

    user_id: str
    expires_at: datetime
    email: str | None = None
    name: str | None = None


class Tokens:
    """Signs tokens with the first secret and takes those signed with any of them."""

    def __init__(self, secrets: Sequence[str], livemode: bool) -> None:
        self._signer = _signer(secrets, livemode) if secrets else None

    def issue(self, bearer: Bearer) -> str:
        """The text a browser sends. Raises NotConfigured without a secret."""
        if self._signer is None:
            raise NotConfigured("BILLING_TOKEN_SECRET")
        signed = self._signer.dumps(msgspec.to_builtins(bearer))
        assert isinstance(signed, str)
        return signed

    def read(self, text: str, now: datetime) -> Bearer | None:
        """Whom a token is for; None for one that is not ours or has expired."""
        if self._signer is None:
            return None
        try:
            bearer = msgspec.convert(self._signer.loads(text), Bearer)
        except (BadData, msgspec.ValidationError):
            return None
        return bearer if now < bearer.expires_at else None


def expiry(now: datetime, lifetime_seconds: int) -> datetime:
    """When a token issued now ends, in whole seconds."""
    return (now + timedelta(seconds=lifetime_seconds)).astimezone(UTC).replace(microsecond=0)


def _signer(secrets: Sequence[str], livemode: bool) -> URLSafeSerializer:
    return URLSafeSerializer(
        list(reversed(secrets)),  # the library signs with the last
        salt=SALTS[livemode],
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
