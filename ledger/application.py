"""The two event stores as applications of the eventsourcing library: Inbox and Ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    IntegrityError,
    JSONTranscoder,
    Mapper,
    StoredEvent,
)

from ledger import events
from ledger.delivery import Delivery
from ledger.event import Event
from ledger.store.factory import application_env
from ledger.store.names import Names
from ledger.store.positions import Fence
from ledger.store.recorder import GroupCommitRecorder


class EventMapper(Mapper[str]):
    """Writes and reads domain events as the JSON of their own fields, by their topic."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        event = cast("Event", domain_event)
        return StoredEvent(
            event.originator_id, event.originator_version, event.TOPIC, events.encode(event)
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        return events.decode(stored_event.topic, stored_event.state)


class DeliveryMapper(Mapper[str]):
    """Writes and reads deliveries, whose bodies stay as they came."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        delivery = cast("Delivery", domain_event)
        return StoredEvent(delivery.originator_id, 1, Delivery.TOPIC, delivery.to_state())

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        return cast("DomainEventProtocol[str]", Delivery.from_state(stored_event.state))


class Store(Application[str]):
    """What both applications share: one database URL, one schema, appending in one round trip."""

    recorder: GroupCommitRecorder

    def append(self, new: Sequence[DomainEventProtocol[str]], fence: Fence | None = None) -> None:
        """Stores all of `new` or none, and moves the fenced position in the same transaction.

        Raises IntegrityError when a stream has moved on, PositionMoved when the position has, and
        StoreUnavailable when the database cannot take it in time.
        """
        stored = [self.mapper.to_stored_event(each) for each in new]
        self.recorder.insert_events(stored, fence=fence)


class Inbox(Store):
    """Every delivery ever accepted, immutable; the webhook request ends here."""

    def __init__(self, url: str, names: Names, pool_size: int = 5) -> None:
        super().__init__(env=application_env(url, names.inbox, pool_size=pool_size))

    def construct_mapper(self) -> Mapper[str]:
        return DeliveryMapper()

    def receive(self, delivery: Delivery) -> bool:
        """Keeps a delivery for good; False when it is here already.

        Raises StoreUnavailable when it could not be kept, so that the provider tries again.
        """
        try:
            self.append([cast("DomainEventProtocol[str]", delivery)])
        except IntegrityError:
            return False
        return True


class Ledger(Store):
    """Every domain event of customers, purchases, invoices, subscriptions and wallets."""

    def __init__(self, url: str, names: Names, pool_size: int = 5) -> None:
        super().__init__(env=application_env(url, names.ledger, pool_size=pool_size))

    def construct_mapper(self) -> Mapper[str]:
        return EventMapper()
