"""What goes into a bundle: the whole ledger, a period of it, or what is one customer's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from ledger.delivery import Delivery
from replay.bundles.lines import EVENTS
from replay.bundles.manifest import Kind
from replay.seals.entries import Entry


class Choice(msgspec.Struct, frozen=True):
    """A customer with all ids, streams and reactions that are theirs, or a period; else all.

    A period goes from the first entry received or recorded at `begin` or later to the last before
    one of `end` or later.
    """

    customer: str | None = None
    ids: frozenset[str] = frozenset()
    streams: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def kind(self) -> Kind:
        if self.customer is not None:
            return "customer"
        return "period" if self.begin or self.end else "whole"


def until(
    entries: Iterable[Entry], end: datetime | None, time: Callable[[Entry], datetime]
) -> Iterator[Entry]:
    """Entries before the first that is of `end` or later."""
    for entry in entries:
        if end is not None and time(entry) >= end:
            return
        yield entry


def marked(
    entries: Iterable[Entry], begin: datetime | None, time: Callable[[Entry], datetime]
) -> Iterator[tuple[Entry, bool]]:
    """Entries, each with whether it is the first of `begin` or later, or one after that."""
    begun = begin is None
    for entry in entries:
        begun = begun or (begin is not None and time(entry) >= begin)
        yield entry, begun


def recorded_at(entry: Entry) -> datetime:
    """When an event was recorded."""
    return EVENTS.decode(entry.state).recorded_at


def received_at(entry: Entry) -> datetime:
    """When a delivery was received."""
    return Delivery.from_state(entry.state).received_at
