"""Fetches what is missing where rows differ: as deliveries, by the door of all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from ledger.delivery import Delivery
from ledger.providers.problems import ProviderNotFound
from ledger.providers.stripe.inventory import Listed
from replay.reconcile.differences import EVENTS, Compared, Difference
from replay.reconcile.happenings import Happening
from replay.reconcile.kinds import KINDS


class Events(Protocol):
    """What Stripe lists of events, and which of them never came."""

    def pages(self, now: datetime) -> Iterable[list[Happening]]: ...

    def new(self, happenings: list[Happening]) -> list[Happening]: ...


class Objects(Protocol):
    """One object as it stands. Raises ProviderNotFound where there is none."""

    def one(self, kind: str, key: str, now: datetime) -> Listed: ...


class Door(Protocol):
    """Where deliveries are kept for good; False when one is here already."""

    def receive(self, delivery: Delivery) -> bool: ...


class Repaired(msgspec.Struct):
    """How many deliveries were new, and the keys of what Stripe does not have (any more)."""

    events: int = 0
    objects: int = 0
    gone: list[str] = []


class Repair:
    """Fetches, and judges nothing: what follows from a delivery is the bookkeeper's to say.

    Each delivery is kept for good at once: whoever stops in the middle has `done` so much.
    """

    def __init__(self, events: Events, stripe: Objects, inbox: Door) -> None:
        self._events = events
        self._stripe = stripe
        self._inbox = inbox
        self.done = Repaired()

    def run(self, compared: Compared, now: datetime) -> Repaired:
        """The events that never came; of what differs and none of them is about, the object."""
        approved = {each.key for each in compared.differences if each.kind == EVENTS}
        rows = [each for each in compared.differences if each.kind != EVENTS]
        told = self._receive(approved, now) if approved else frozenset[str]()
        for difference in rows:
            if not told.intersection((*difference.objects, difference.key)):
                for delivery in self._objects(difference, now):
                    self.done.objects += self._inbox.receive(delivery)
        return self.done

    def _receive(self, approved: set[str], now: datetime) -> frozenset[str]:
        """Keeps these events, the oldest first; the ids of what they are about."""
        missed = [
            each
            for page in self._events.pages(now)
            for each in self._events.new(page)
            if each.delivery.envelope.event_id in approved
        ]
        for each in reversed(missed):
            self.done.events += self._inbox.receive(each.delivery)
        return frozenset[str]().union(*(each.about for each in missed))

    def _objects(self, difference: Difference, now: datetime) -> Iterator[Delivery]:
        """The objects as they stand now, each asked for by its id, listed or not."""
        kind = KINDS[difference.kind]
        for key in (difference.key,) if kind.own else difference.objects:
            try:
                yield self._stripe.one(kind.asked_as, key, now).delivery
            except ProviderNotFound:
                self.done.gone.append(key)
