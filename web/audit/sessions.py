"""An auditor's session: who came in with which key, signed, and over within the hour."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from itsdangerous import BadData, URLSafeSerializer

from ledger.aggregates.api_key import Key, digest_of
from web.access.keys import PREFIX, KeyRing
from web.access.problems import NotAuthenticated, ScopeMissing
from web.access.scopes import Scope

LIFETIME = timedelta(hours=1)
SCOPE: Scope = "audit"
SALTS = {False: "billing audit session, test", True: "billing audit session, live"}


class Session(msgspec.Struct, frozen=True):
    """Which key it was opened with; `digest` tells whether that key's secret is still the same."""

    key_id: str
    digest: str
    expires_at: datetime


class Sessions:
    """Opens sessions by API key and asks the keys again at each request, so that revoking works.

    Signs with the first secret and takes what was signed with any of them.
    """

    def __init__(self, keys: KeyRing, secrets: Sequence[str], livemode: bool) -> None:
        self._keys = keys
        self._signer = URLSafeSerializer(
            list(reversed(secrets)),  # the library signs with the last
            salt=SALTS[livemode],
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def open(self, sent: str, now: datetime) -> str:
        """The text of a new session. Raises NotAuthenticated and ScopeMissing."""
        key = self._keys.find(sent, now) if sent.startswith(PREFIX) else None
        found = _auditors(key)
        digest = digest_of(sent.removeprefix(PREFIX).partition("_")[2])
        session = Session(found.key_id, digest, now + LIFETIME)
        return str(self._signer.dumps(msgspec.to_builtins(session)))

    def key(self, text: str, now: datetime) -> Key:
        """The key a session was opened with. Raises NotAuthenticated and ScopeMissing."""
        try:
            session = msgspec.convert(self._signer.loads(text), Session)
        except (BadData, msgspec.ValidationError):
            raise NotAuthenticated from None
        if now >= session.expires_at:
            raise NotAuthenticated
        return _auditors(self._keys.held(session.key_id, session.digest, now))


def _auditors(key: Key | None) -> Key:
    if key is None:
        raise NotAuthenticated
    if SCOPE not in key.terms.scopes:
        raise ScopeMissing(SCOPE)
    return key
