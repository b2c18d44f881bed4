"""Works a refused delivery off again, by the rules of today: a command like others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from eventsourcing.persistence import IntegrityError

from ledger.aggregates.bookkeeping import Entry, Refusal, Retried, refusal_of
from ledger.application import Ledger
from ledger.books import Books, Load
from ledger.clerk import Clerk, Rules
from ledger.commands import TRIES
from ledger.delivery import Delivery
from ledger.errors import Contended, NotRefused
from ledger.event import Cause, Event


class Attempt(msgspec.Struct, frozen=True):
    """What became of a delivery that was worked off again, and the events that makes."""

    entry: Entry
    events: Sequence[Event]


def retry(
    ledger: Ledger, load: Load, rules: Rules, delivery: Delivery, clock: Callable[[], datetime]
) -> Attempt:
    """Works a refused delivery off again and stores what becomes of it.

    A bookkeeper may be at work meanwhile: who loses a race for a stream does its work anew.
    Raises NotRefused, Contended, and StoreUnavailable.
    """
    for _ in range(TRIES):
        found = attempt(load, rules, delivery, clock())
        try:
            ledger.append(found.events)
        except IntegrityError:
            continue
        return found
    raise Contended(delivery.originator_id, TRIES)


def attempt(load: Load, rules: Rules, delivery: Delivery, now: datetime) -> Attempt:
    """What working a refused delivery off again comes to; nothing is stored. Raises NotRefused."""
    books = Books(load)
    stream = refusal_of(delivery.originator_id)
    if not books.get(Refusal, stream).stands:
        raise NotRefused(delivery.originator_id)
    (entry,) = Clerk(books, rules).keep([delivery], now)
    why = Cause(f"retry/{delivery.originator_id}", now, now)
    books.get(Refusal, stream).trigger_event(Retried(entry=entry), why)
    books.keep()
    return Attempt(entry, books.collect_events())
