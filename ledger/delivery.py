"""A delivery: what a provider sent us, byte for byte, with what is needed to check it again."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from ledger.ids import Scope

CATEGORY = "delivery"


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is read of a delivery before anybody interprets it; nothing of its payload.

    A `thin` one says that something happened and not how the object stands: that is fetched, and
    is a delivery of its own.
    """

    provider: str
    event_id: str
    type: str
    created: datetime
    livemode: bool
    account: str = ""
    api_version: str | None = None
    thin: bool = False

    @property
    def scope(self) -> Scope:
        return Scope(self.provider, self.livemode, self.account)


class Delivery(msgspec.Struct, frozen=True):
    """One event of a provider as it came in: the Inbox holds each at most once.

    `headers` are those that sign `body`; one that was fetched is unsigned, and they say from where.
    As a stored event it is one line of JSON, then the body
    exactly as received, so that an auditor reads both with any tool.
    """

    TOPIC: ClassVar[str] = "Delivery.Received"

    envelope: Envelope
    received_at: datetime
    headers: dict[str, str]
    body: bytes

    @property
    def originator_id(self) -> str:
        """The stream this is alone in: the store's own uniqueness refuses a second copy."""
        return self.envelope.scope.stream(CATEGORY, self.envelope.event_id)

    @property
    def originator_version(self) -> int:
        return 1

    def to_state(self) -> bytes:
        """The stored form: a line of JSON, then the exact body."""
        return _encode(_Line(self.envelope, self.received_at, self.headers)) + b"\n" + self.body

    @classmethod
    def from_state(cls, state: bytes) -> Delivery:
        """The delivery stored as `state`."""
        line, body = bytes(state).split(b"\n", 1)
        read = _LINES.decode(line)
        return cls(read.envelope, read.received_at, read.headers, body)


class _Line(msgspec.Struct, frozen=True):
    envelope: Envelope
    received_at: datetime
    headers: dict[str, str]


_LINES = msgspec.json.Decoder(_Line)
_encode = msgspec.json.Encoder().encode
