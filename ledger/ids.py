"""Where a fact belongs: scopes, and stream ids an auditor can read in SQL."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, unquote

import msgspec


class Scope(msgspec.Struct, frozen=True, order=True):
    """One provider's account in one mode; facts of two scopes never mix.

    `account` is '' for the platform's own account, else the connected account's id.
    """

    provider: str
    livemode: bool
    account: str = ""

    def stream(self, category: str, key: str) -> str:
        """The id of a stream: `purchase/stripe/live//pi_1`, `purchase/stripe/test/acct_9/pi_1`."""
        mode = _MODES[self.livemode]
        return f"{category}/{self.provider}/{mode}/{_quoted(self.account)}/{_quoted(key)}"


def _quoted(text: str) -> str:
    """`text` as one segment of a path; nearly all ids are plain, and need no slow look."""
    plain = text.isascii() and (text.isidentifier() or text.isalnum())
    return text if plain else quote(text, safe="@:+ ")


def request_key(stream: str, number: str, at: datetime) -> str:
    """The idempotency key of a stream's request: no other ledger's, and 240 characters at most.

    The time is when the request was recorded, so a repeat after a crash has the same key, and a
    ledger begun anew beside the same account at the provider has others.
    """
    key = f"{stream}#{number}@{at:%Y%m%dT%H%M%S%f}"
    return key if len(key) <= MOST_KEY else f"sha256:{sha256(key.encode()).hexdigest()}"


MOST_KEY = 240


class StreamId(msgspec.Struct, frozen=True):
    """A stream id taken apart again."""

    category: str
    scope: Scope
    key: str


def parse_stream(stream: str) -> StreamId:
    """The inverse of Scope.stream. Raises ValueError for a text that is no stream id."""
    category, provider, mode, account, key = stream.split("/")
    livemode = _MODES.index(mode) == 1
    return StreamId(category, Scope(provider, livemode, unquote(account)), unquote(key))


_MODES = ("test", "live")
