"""API keys: what a request came with, and what it may do."""

from __future__ import annotations

from flask import request

from web.sandbox.api.problems import forbidden

SECRET = ("sk_test_", "rk_test_")
PUBLISHABLE = ("pk_test_",)


def bearer() -> str:
    """The key of this request, '' if it has none."""
    return str(request.authorization.token) if request.authorization else ""


def refuse_all_but_secret(key: str) -> None:
    """Raises Problem for a key that may not do everything."""
    if not key.startswith(SECRET[0]):
        raise forbidden(key)


def refuse_publishable(key: str) -> None:
    """Raises Problem for a key that everybody may know."""
    if key.startswith(PUBLISHABLE):
        raise forbidden(key)
