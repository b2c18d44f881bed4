"""The API keys of one ledger: who may call it, for what, until when; never a key itself."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.errors import KeyExists, KeyGone, UnknownKey
from ledger.event import Cause, Event


class Terms(msgspec.Struct, frozen=True):
    """What a key is for: a `name` for people, its scopes, and when it ends if ever."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None = None


class Issued(Event, frozen=True):
    """A key was handed out; `digest` is what its secret is recognised by."""

    TOPIC = "ApiKey.Issued"
    key_id: str
    digest: str
    terms: Terms


class Rotated(Event, frozen=True):
    """The key has a new secret; the one before is good until `previous_until`."""

    TOPIC = "ApiKey.Rotated"
    key_id: str
    digest: str
    previous_until: datetime


class Revoked(Event, frozen=True):
    """The key is good for nothing from now on."""

    TOPIC = "ApiKey.Revoked"
    key_id: str


EVENTS = (Issued, Rotated, Revoked)


class Key(msgspec.Struct, frozen=True):
    """A key as it stands; `digests` are its secrets', each with the time it ends if it does."""

    key_id: str
    terms: Terms
    issued_at: datetime
    digests: tuple[tuple[str, datetime | None], ...]
    rotated_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, at: datetime) -> bool:
        """Whether it may be used at a moment."""
        expires_at = self.terms.expires_at
        return self.revoked_at is None and (expires_at is None or at < expires_at)

    def digests_at(self, at: datetime) -> tuple[str, ...]:
        """What secrets are recognised by at a moment."""
        return tuple(digest for digest, until in self.digests if until is None or at < until)


def digest_of(secret: str) -> str:
    """What is kept of a secret.

    It is 256 random bits, which nobody finds by trying: a slow hash would protect it no better,
    and cost every request its time.
    """
    return sha256(secret.encode()).hexdigest()


class ApiKeys(Aggregate):
    """All keys in one stream: there are few, and knowing all of them tells a wrong one at once."""

    CATEGORY = "api_keys"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.keys: dict[str, Key] = {}

    # ---- decide ----

    def issue(self, key_id: str, digest: str, terms: Terms, why: Cause) -> None:
        """Hands a key out. Raises KeyExists for an id that is taken."""
        if key_id in self.keys:
            raise KeyExists(key_id)
        self.trigger_event(Issued(key_id=key_id, digest=digest, terms=terms), why)

    def rotate(self, key_id: str, digest: str, previous_until: datetime, why: Cause) -> None:
        """Gives a key a new secret. Raises UnknownKey, and KeyGone for one that has ended."""
        if not self._known(key_id).is_good(why.recorded_at):
            raise KeyGone(key_id)
        event = Rotated(key_id=key_id, digest=digest, previous_until=previous_until)
        self.trigger_event(event, why)

    def revoke(self, key_id: str, why: Cause) -> None:
        """Ends a key, once. Raises UnknownKey."""
        if self._known(key_id).revoked_at is None:
            self.trigger_event(Revoked(key_id=key_id), why)

    def _known(self, key_id: str) -> Key:
        if key_id not in self.keys:
            raise UnknownKey(key_id)
        return self.keys[key_id]

    # ---- evolve ----

    @evolves(Issued)
    def _issued(self, event: Issued) -> None:
        digests = ((event.digest, None),)
        self.keys[event.key_id] = Key(event.key_id, event.terms, event.recorded_at, digests)

    @evolves(Rotated)
    def _rotated(self, event: Rotated) -> None:
        key = self.keys[event.key_id]
        before, _ = key.digests[0]
        self.keys[event.key_id] = msgspec.structs.replace(
            key,
            digests=((event.digest, None), (before, event.previous_until)),
            rotated_at=event.recorded_at,
        )

    @evolves(Revoked)
    def _revoked(self, event: Revoked) -> None:
        key = self.keys[event.key_id]
        self.keys[event.key_id] = msgspec.structs.replace(key, revoked_at=event.recorded_at)
