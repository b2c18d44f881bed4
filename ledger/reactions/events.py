"""What can happen to a reaction, and how it is written and read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ledger.event import Event


class Began(Event, frozen=True):
    """Reactions begin after `position` of the Ledger: what came before has no effect."""

    TOPIC = "Reactions.Began"
    position: int


class Intended(Event, frozen=True):
    """An effect of `kind` is to be had, not before `due_at`, because of an event of the Ledger.

    `data` is all the effect needs to know that does not change any more; its kind gives its shape.
    """

    TOPIC = "Reaction.Intended"
    kind: str
    due_at: datetime
    because: str
    position: int
    data: dict[str, Any]


class Done(Event, frozen=True):
    """It is over: the effect was had, or, with a reason, was found to be none."""

    TOPIC = "Reaction.Done"
    without_effect: str | None = None


class Failed(Event, frozen=True):
    """One more try failed; the next one is at `next_try_at`."""

    TOPIC = "Reaction.Failed"
    attempt: int
    error: str
    next_try_at: datetime


class Parked(Event, frozen=True):
    """The last try failed, or another would too: a person has to look."""

    TOPIC = "Reaction.Parked"
    attempt: int
    error: str


class Retried(Event, frozen=True):
    """A person wants it tried again, from the beginning."""

    TOPIC = "Reaction.Retried"


class Dismissed(Event, frozen=True):
    """A person does not want it any more."""

    TOPIC = "Reaction.Dismissed"


EVENTS = (Began, Intended, Done, Failed, Parked, Retried, Dismissed)

_DECODERS: dict[str, msgspec.json.Decoder[Event]] = {
    each.TOPIC: msgspec.json.Decoder(each) for each in EVENTS
}


def decode(topic: str, state: bytes) -> Event:
    """The event stored as `state`. Raises KeyError for a topic no release has ever written."""
    return _DECODERS[topic].decode(state)
