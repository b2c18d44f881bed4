"""A shopper: a user as one who buys, and the one open order for each thing they are buying.

Of two commands at once that want the same thing, one is recorded first, and the other finds its
order; a crash between asking the provider and recording its answer is healed by asking again.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.aggregates.shopper_events import (
    ASKED,
    Asked,
    Closed,
    Moved,
    Opened,
    Registered,
    SubscriptionAsked,
)
from ledger.event import Cause
from ledger.ids import parse_stream, request_key
from ledger.providers.outbound import NewCustomer

DONE = "done"
"""Why an order is closed that came to what was wanted."""


class Order(msgspec.Struct, frozen=True):
    """Something a shopper is buying; `new` is what the provider is asked for, under `key`.

    `provider_id` is None until its answer was recorded.
    """

    id: str
    subject: str
    key: str
    new: Any
    slot: bool = False
    provider_id: str | None = None


class Shopper(Aggregate):
    """One user's orders that are still open."""

    CATEGORY = "shopper"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.provider_customer_id: str | None = None
        self.details: NewCustomer | None = None
        self.open: dict[str, Order] = {}
        self.provider_ids: set[str] = set()
        self.asked = 0
        self.had_plan = False

    # ---- decide ----

    def ask(self, kind: type[Asked], subject: str, new: Any, why: Cause, **more: Any) -> Order:
        """A new order; there must be no open one for its subject."""
        order_id = str(self.asked + 1)
        asked = kind(  # type: ignore[call-arg] # each kind declares what it asks for as `new`
            order_id=order_id,
            subject=subject,
            key=request_key(self.id, order_id, why.recorded_at),
            new=new,
            **more,
        )
        self.trigger_event(asked, why)
        return self.open[order_id]

    def register(self, provider_customer_id: str, why: Cause) -> None:
        """Takes over who the user is to the provider."""
        if self.provider_customer_id != provider_customer_id:
            self.trigger_event(Registered(provider_customer_id=provider_customer_id), why)

    def opened(self, order: Order, provider_id: str, why: Cause) -> None:
        """Takes over what the provider has for an order."""
        if self.open[order.id].provider_id is None:
            self.trigger_event(Opened(order_id=order.id, provider_id=provider_id), why)

    def move(self, order: Order, subject: str, why: Cause) -> None:
        """Takes over that an order is about something else now."""
        if self.open[order.id].subject != subject:
            self.trigger_event(Moved(order_id=order.id, subject=subject), why)

    def close(self, order: Order, because: str, why: Cause) -> None:
        """Is done with an order."""
        if order.id in self.open:
            self.trigger_event(Closed(order_id=order.id, why=because), why)

    # ---- what is known ----

    @property
    def user_id(self) -> str:
        """The application's own id of this user."""
        return parse_stream(self.id).key

    @property
    def plan(self) -> Order | None:
        """The order of the user's own plan."""
        return next((each for each in self.open.values() if each.slot), None)

    def order(self, subject: str) -> Order | None:
        """The open order for a subject."""
        return next((each for each in self.open.values() if each.subject == subject), None)

    def order_of(self, provider_id: str) -> Order | None:
        """The open order for which the provider has this."""
        return next((each for each in self.open.values() if each.provider_id == provider_id), None)

    # ---- evolve ----

    @evolves(*ASKED)
    def _asked(self, event: Any) -> None:
        slot = isinstance(event, SubscriptionAsked) and event.slot
        self.asked += 1
        self.had_plan = self.had_plan or slot
        order = Order(event.order_id, event.subject, event.key, event.new, slot)
        self.open[event.order_id] = order

    @evolves(Registered)
    def _registered(self, event: Registered) -> None:
        self.provider_customer_id = event.provider_customer_id

    @evolves(Opened)
    def _opened(self, event: Opened) -> None:
        order = self.open[event.order_id]
        self.provider_ids.add(event.provider_id)
        self.open[event.order_id] = msgspec.structs.replace(order, provider_id=event.provider_id)

    @evolves(Moved)
    def _moved(self, event: Moved) -> None:
        order = self.open[event.order_id]
        self.open[event.order_id] = msgspec.structs.replace(order, subject=event.subject)

    @evolves(Closed)
    def _closed(self, event: Closed) -> None:
        order = self.open.pop(event.order_id)
        if isinstance(order.new, NewCustomer) and event.why == DONE:
            self.details = order.new
