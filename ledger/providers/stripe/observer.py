"""What each type of Stripe event says, in our words: one table from type to observation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import msgspec

from ledger.delivery import Delivery
from ledger.errors import Unreadable
from ledger.observations import Observation, Observed
from ledger.providers.stripe.fetched import OBJECTS
from ledger.providers.stripe.meaningless import why_ignored
from ledger.providers.stripe.payloads import EventBody, EventData, Payload
from ledger.providers.stripe.previous import before
from ledger.providers.stripe.versions import (
    NEWEST_KNOWN_VERSION,
    date_of,
    is_unknown,
    upcast,
)
from ledger.snapshots import Snapshot

P = TypeVar("P", bound=Payload)
S = TypeVar("S")

READ_AS = f"read as API {NEWEST_KNOWN_VERSION}"

THIN = "a thin event: what counts is its snapshot, once that is fetched"

_BODIES = msgspec.json.Decoder(EventBody)
_OBJECTS = msgspec.json.Decoder(dict[str, Any])
NUL = rb"\u0000"
NUL_ESCAPE, REPLACEMENT = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000"), rb"\1\\ufffd"


class StripeEvent:
    """One event as the readers see it: its object in the newest shape, now and just before."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.type = delivery.envelope.type
        self.created = delivery.envelope.created
        self.api_version = delivery.envelope.api_version
        self.date = date_of(self.api_version)
        self._data = _data(delivery)
        self._read: dict[type[Payload], Payload] = {}

    def object(self, shape: type[P]) -> P:
        """The object this event is about, read once. Raises msgspec.ValidationError."""
        read = self._read.get(shape)
        if read is None:
            read = self._read[shape] = msgspec.convert(self._upcast(self._data.object), shape)
        return cast("P", read)

    def as_it_came(self, shape: type[P]) -> P:
        """The object in the shape of its own version. Raises msgspec.ValidationError."""
        return msgspec.convert(self._data.object, shape)

    @property
    def kind(self) -> str:
        """What kind of object this event is about."""
        return str(self.field("object") or "")

    def field(self, name: str) -> Any:
        """What the object says under this name, unchecked and in the shape of its own version."""
        return self._data.object.get(name)

    def snapshot(
        self,
        shape: type[P],
        state: Callable[[P], S],
        rank: int,
        born: bool = False,
    ) -> Snapshot[S]:
        """How the object stands, and how it stood before where the event says what changed."""
        previous = self._data.previous_attributes
        prior = None
        if previous:
            earlier = before(self._data.object, previous)
            prior = state(msgspec.convert(self._upcast(earlier), shape))
        return Snapshot(state(self.object(shape)), self.created, rank, prior, born)

    def _upcast(self, obj: dict[str, Any]) -> dict[str, Any]:
        return upcast(obj, self.api_version)


Reader = Callable[[StripeEvent], tuple[Observation, ...]]


class StripeObserver:
    """Says what a delivery of Stripe's says; pure, so that replay needs no network."""

    def __init__(self, readers: dict[str, Reader]) -> None:
        self._readers = readers

    def observe(self, delivery: Delivery) -> Observed:
        """What it says. Raises a Refusal (Unreadable, say) for what cannot be taken."""
        envelope = delivery.envelope
        if envelope.thin:
            return Observed(envelope.scope, ignored=THIN)
        reader = self._readers.get(envelope.type)
        if reader is None:
            return Observed(envelope.scope, ignored=why_ignored(envelope.type))
        try:
            said = reader(StripeEvent(delivery))
        except (msgspec.MsgspecError, RecursionError) as problem:
            raise Unreadable(envelope.type, str(problem)) from problem
        return Observed(
            envelope.scope,
            said,
            ignored=None if said else f"this {envelope.type} says nothing",
            note=READ_AS if is_unknown(envelope.api_version) else None,
        )


def _data(delivery: Delivery) -> EventData:
    """The payload half of an event; of what was fetched for its own sake, the object alone."""
    body = without_nul(delivery.body)
    if delivery.envelope.type in OBJECTS:
        return EventData(_OBJECTS.decode(body))
    return _BODIES.decode(body).data


def without_nul(body: bytes) -> bytes:
    """A body without NULs in its texts: a text in Postgres cannot hold any.

    A backslash that is itself escaped begins no escape, and stays.
    """
    return NUL_ESCAPE.sub(REPLACEMENT, body) if NUL in body else body


def at(seconds: int) -> datetime:
    """Stripe's Unix seconds as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def maybe_at(seconds: int | None) -> datetime | None:
    """The same for a time that may be missing."""
    return None if seconds is None else at(seconds)
