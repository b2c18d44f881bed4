"""Entries of a log as lines: JSON that holds their exact bytes, and CSV for spreadsheets."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from ledger.delivery import Delivery
from ledger.providers.stripe.signature import HEADER
from replay.seals.entries import Entry

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The state as text where it is UTF-8, as nearly all is; else in base64."""

    position: int
    stream: str
    version: int
    topic: str
    state: str | None = None
    state_base64: str | None = None


def line(entry: Entry) -> bytes:
    """An entry as a line of JSON."""
    position, stream, version, topic, state = entry
    try:
        text = state.decode()
    except UnicodeDecodeError:
        encoded = b64encode(state).decode()
        return _encode(_Line(position, stream, version, topic, None, encoded)) + b"\n"
    return _encode(_Line(position, stream, version, topic, text)) + b"\n"


def entry(text: bytes) -> Entry:
    """The inverse of `line`. Raises ValueError."""
    read = _LINES.decode(text)
    state = read.state.encode() if read.state is not None else b64decode(read.state_base64 or "")
    return Entry(read.position, read.stream, read.version, read.topic, state)


DELIVERY_COLUMNS = (
    *("position", "event_id", "type", "account", "livemode", "api_version"),
    *("created", "received_at", "signed", "body_bytes"),
)


def delivery_cells(entry: Entry) -> list[object]:
    """A delivery's envelope."""
    delivery = Delivery.from_state(entry.state)
    told = delivery.envelope
    return [
        *(entry.position, told.event_id, told.type, told.account, told.livemode),
        *(told.api_version, told.created, delivery.received_at),
        *(HEADER in delivery.headers, len(delivery.body)),
    ]


EVENT_COLUMNS = (
    *("position", "stream", "version", "topic"),
    *("effective_at", "recorded_at", "cause", "event"),
)


def event_cells(entry: Entry) -> list[object]:
    """An event: the last cell is all its fields as JSON."""
    told = EVENTS.decode(entry.state)
    return [*entry[:4], told.effective_at, told.recorded_at, told.cause, entry.state.decode()]


def cells(values: Iterable[object]) -> list[str]:
    """Values as cells; a text that a spreadsheet would take for a formula gets a ' before it."""
    return [_cell(each) for each in values]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return _encode(value).decode()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Event(msgspec.Struct, frozen=True):
    effective_at: datetime
    recorded_at: datetime
    cause: str


EVENTS = msgspec.json.Decoder(_Event)
_LINES = msgspec.json.Decoder(_Line)
_encode = msgspec.json.Encoder().encode
