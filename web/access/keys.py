"""API keys as callers send them: `bk_<id>_<secret>`, held against the ledger's keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest
from threading import Lock

from ledger.aggregates.api_key import Key, digest_of

PREFIX = "bk_"
MOST_AGE = timedelta(seconds=5)
"""How long a worker process may go by what it knows: a revoked key is good that long at most."""


class KeyRing:
    """All keys, read again by the first request after MOST_AGE.

    There is one list and it holds what was issued, so it is bounded, and a made-up key never
    causes a look into the store of its own.
    """

    def __init__(self, read: Callable[[], dict[str, Key]]) -> None:
        self._read = read
        self._keys: dict[str, Key] = {}
        self._read_at: datetime | None = None
        self._mutex = Lock()

    def find(self, sent: str, now: datetime) -> Key | None:
        """The good key that was sent, if it is one. Raises StoreUnavailable."""
        key_id, _, secret = sent.removeprefix(PREFIX).partition("_")
        return self.held(key_id, digest_of(secret), now)

    def held(self, key_id: str, digest: str, now: datetime) -> Key | None:
        """The key with this id, if it is good and its secret has this digest still."""
        key = self._current(now).get(key_id)
        if key is None or not key.is_good(now):
            return None
        # Every digest is compared, each in the same time whatever it differs in.
        found = [compare_digest(digest, known) for known in key.digests_at(now)]
        return key if any(found) else None

    def _current(self, now: datetime) -> dict[str, Key]:
        with self._mutex:
            if self._read_at is None or abs(now - self._read_at) > MOST_AGE:
                self._keys = self._read()
                self._read_at = now
            return self._keys


def key_text(key_id: str, secret: str) -> str:
    """A key as it is shown once and sent ever after."""
    return f"{PREFIX}{key_id}_{secret}"
