"""What payments, invoices and subscriptions share: they are somebody's, once that is known."""

from __future__ import annotations

from typing import ClassVar

from ledger.aggregates.aggregate import Aggregate
from ledger.event import Cause, Event
from ledger.observations import Payer


class Attributed(Event, frozen=True):
    """Whose it is; `customer_id` is None while nobody is known."""

    customer_id: str | None
    provider_customer_id: str | None


class Owned(Aggregate):
    """An aggregate with an owner; its class names the kind of event that records one."""

    ATTRIBUTED: ClassVar[type[Attributed]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.EVOLVERS[cls.ATTRIBUTED] = Owned._attributed

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.owner: tuple[str | None, str | None] = (None, None)

    @property
    def payer(self) -> Payer:
        """Who pays, as far as its own objects say."""
        raise NotImplementedError

    @property
    def customer_id(self) -> str | None:
        """Whose it is."""
        return self.owner[0]

    @property
    def claimed_by(self) -> str | None:
        """Who a person said it is, where nobody else did."""
        return None

    def attribute(self, customer_id: str | None, why: Cause) -> None:
        """Takes over whose it is."""
        key = self.payer.provider_customer_id
        if (customer_id, key) != self.owner:
            event = self.ATTRIBUTED(customer_id=customer_id, provider_customer_id=key)
            self.trigger_event(event, why)

    def _attributed(self, event: Attributed) -> None:
        self.owner = (event.customer_id, event.provider_customer_id)
