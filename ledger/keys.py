"""Commands on the API keys of a ledger; whoever calls them makes the secret and shows it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.aggregates.api_key import ApiKeys, Key, Terms, digest_of
from ledger.application import Ledger
from ledger.commands import decided, loaded
from ledger.event import Cause
from ledger.ids import Scope


def issue_key(
    ledger: Ledger, stream: str, key_id: str, secret: str, terms: Terms, now: datetime
) -> None:
    """Lets `secret` in by `terms`. Raises KeyExists, Contended, and StoreUnavailable."""
    why = _because(key_id, now)
    decided(ledger, ApiKeys, stream, lambda it: it.issue(key_id, digest_of(secret), terms, why))


def rotate_key(
    ledger: Ledger, stream: str, key_id: str, secret: str, overlap: timedelta, now: datetime
) -> None:
    """Gives a key another secret; the one before is good for `overlap` more.

    Raises UnknownKey, KeyGone, Contended, and StoreUnavailable.
    """
    why, until = _because(key_id, now), now + overlap
    decided(ledger, ApiKeys, stream, lambda it: it.rotate(key_id, digest_of(secret), until, why))


def revoke_key(ledger: Ledger, stream: str, key_id: str, now: datetime) -> None:
    """Ends a key for good. Raises UnknownKey, Contended, and StoreUnavailable."""
    why = _because(key_id, now)
    decided(ledger, ApiKeys, stream, lambda it: it.revoke(key_id, why))


def all_keys(ledger: Ledger, stream: str) -> dict[str, Key]:
    """Every key ever issued, by its id, in the order in which they were."""
    return loaded(ledger, ApiKeys, stream).keys


def keys_stream(livemode: bool) -> str:
    """Where the keys of a ledger are; they belong to no provider."""
    return Scope("billing", livemode).stream(ApiKeys.CATEGORY, "all")


def _because(key_id: str, now: datetime) -> Cause:
    return Cause(f"key/{key_id}", now, now)
