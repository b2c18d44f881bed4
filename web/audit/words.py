"""How times, values and links are said on the audit's pages."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ledger.ids import parse_stream
from ledger.reactions.moving import IMPORT
from replay.happened import Happened
from replay.terminal import value

DELIVERY = "delivery/"
STREAM_SLASHES = 4
HIDDEN = ("stream", "account", "customer_id", "provider_customer_id")
"""Columns that say no more than the page does already."""

DISMISSERS = {
    "reactions dismiss": "an operator, with billing reactions dismiss",
    IMPORT: "the import that brought it here",
}
"""Cause of a dismissal -> whose doing it is."""


def time(at: datetime) -> str:
    """2026-03-31 12:00:00; times are UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def cause(event: Happened) -> str:
    """What caused an event: the provider's name of its delivery, or the command."""
    return f"{event.cause_type} {key(event.cause)}" if event.cause_type else event.cause


def key(stream: str) -> str:
    """The provider's id of what a stream is about."""
    return parse_stream(stream).key


def is_delivery(event: Happened) -> bool:
    """Whether a delivery caused it, whose bytes can be looked at."""
    return event.cause_type is not None and event.cause.startswith(DELIVERY)


def dismisser(event: Happened) -> str:
    """Who dismissed a reaction."""
    return DISMISSERS.get(event.cause, event.cause)


def decision(word: str, reaction_id: str) -> str:
    """The command by which an operator decides about a reaction, as it is typed."""
    return shlex.join(["billing", "reactions", word, reaction_id])


def cell(each: object) -> str:
    """A value in a table."""
    return "none" if each is None or each == () else value(each)


def columns(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What of a row is worth showing: its names, and its values in words."""
    shown = ((name, each) for name, each in row.items() if name not in HIDDEN)
    return [(name.replace("_", " "), cell(each)) for name, each in shown if each is not None]


def row_key(given: Any) -> str:
    """A row's key: the id of what it is about, and what else tells it from others."""
    parts = [given] if isinstance(given, str) else [str(each) for each in given]
    return " ".join(key(each) if each.count("/") == STREAM_SLASHES else each for each in parts)
