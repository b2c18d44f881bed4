"""A shop in memory: a fake provider, a ledger, and webhooks that come when a test says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from eventsourcing.persistence import IntegrityError

from ledger.aggregates.aggregate import Aggregate
from ledger.checkout.registration import Person, register
from ledger.checkout.shop import Brand, Shop
from ledger.clerk import Rules
from ledger.event import Event
from ledger.policy import Policy
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from projections.rows import Row
from replay.memory import MemoryLedger
from tests.ledger.given import SCOPE, START, day
from tests.ledger.providers.stripe.objects import NOW, Json
from tests.ledger.providers.stripe.payloads import delivery
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider

A = TypeVar("A", bound=Aggregate)

BRAND = Brand("LEAD Academy", "https://lead.example", "LEAD", "prod_credits")
RULES = Rules(
    {"stripe": StripeObserver(READERS)}, Policy(platform=BRAND.platform), livemode=SCOPE.livemode
)
ANN = Person("ann", "ann@example.org", "Ann")


class VersionedLedger(MemoryLedger):
    """Refuses events whose stream has moved on, as the store does."""

    def append(self, events: Sequence[Event]) -> None:
        counts: dict[str, int] = {}
        for each in events:
            stream = each.originator_id
            known = counts.setdefault(stream, len(self.events(stream)))
            if each.originator_version != known + 1:
                raise IntegrityError(stream)
            counts[stream] += 1
        super().append(events)


class World:
    """Everything a story of checkout needs; times are days after its start."""

    def __init__(self) -> None:
        self.provider = FakeProvider()
        self.outbound = FakeOutbound(self.provider)
        self.ledger = VersionedLedger(RULES)
        self.shop = Shop(self.ledger, self.ledger.load, self.outbound, BRAND, RULES.policy, SCOPE)
        self.delivered = 0

    def on(self, number: float) -> datetime:
        """It is so many days after the start, here and at the provider."""
        self.provider.at = NOW + round(number * 86_400)
        return day(number)

    def deliver(self, *events: Json) -> None:
        """These webhooks come, or all that have not come yet."""
        new = events or tuple(self.provider.events[self.delivered :])
        if not events:
            self.delivered = len(self.provider.events)
        for each in new:
            (entry,) = self.ledger.keep([delivery(each)], START + timedelta(days=90))
            assert entry.outcome in ("applied", "unchanged"), entry

    def registered(self, person: Person = ANN) -> str:
        """The customer of a person, registered on the first day."""
        return register(self.shop, person, self.on(0)).provider_customer_id

    def get(self, kind: type[A], key: str) -> A:
        aggregate = kind(SCOPE.stream(kind.CATEGORY, key))
        for event in self.ledger.events(aggregate.id):
            aggregate.apply(event)
        return aggregate

    def rows(self, table: str) -> list[Any]:
        """The rows of a table, in the order of their keys."""
        found = self.ledger.rows[table]
        rows: list[Row] = [found[key] for key in sorted(found)]
        return rows
