"""Dunning: which plan a user lost because its bill was not paid, and whether they have it again."""

from __future__ import annotations

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.event import Cause, Event


class HeldPlan(msgspec.Struct, frozen=True):
    """A plan as it was held before it ended."""

    plan_id: str
    subscription_id: str
    price_id: str
    quantity: int


class Lapsed(Event, frozen=True):
    """A plan's invoice was not paid in time: the provider is about to be asked for the starter."""

    TOPIC = "Dunning.Lapsed"
    invoice_id: str
    held: HeldPlan


class Downgraded(Event, frozen=True):
    """The user has the starter plan, by this subscription."""

    TOPIC = "Dunning.Downgraded"
    invoice_id: str
    subscription_id: str


class Over(Event, frozen=True):
    """Nothing more is to be done about this invoice."""

    invoice_id: str


class Restored(Over, frozen=True):
    """The invoice was paid, and the user has the plan again that they had."""

    TOPIC = "Dunning.Restored"
    subscription_id: str
    plan_id: str


class Dropped(Over, frozen=True):
    """There is nothing (more) to be done about this invoice, and why."""

    TOPIC = "Dunning.Dropped"
    because: str


EVENTS = (Lapsed, Downgraded, Restored, Dropped)


class Dunning(Aggregate):
    """One user's unpaid plans, by the invoice that was not paid, as long as they may come back."""

    CATEGORY = "dunning"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.lapsed: dict[str, HeldPlan] = {}
        self.starters: dict[str, str] = {}

    # ---- decide ----

    def lapse(self, invoice_id: str, held: HeldPlan, why: Cause) -> None:
        """Takes over which plan is about to end."""
        if invoice_id not in self.lapsed:
            self.trigger_event(Lapsed(invoice_id=invoice_id, held=held), why)

    def downgrade(self, invoice_id: str, subscription_id: str, why: Cause) -> None:
        """Takes over by which subscription the user has the starter plan."""
        if self.starters.get(invoice_id) != subscription_id:
            event = Downgraded(invoice_id=invoice_id, subscription_id=subscription_id)
            self.trigger_event(event, why)

    def restore(self, invoice_id: str, subscription_id: str, why: Cause) -> None:
        """Takes over that the user has their plan again."""
        held = self.lapsed.get(invoice_id)
        if held is not None:
            event = Restored(
                invoice_id=invoice_id, subscription_id=subscription_id, plan_id=held.plan_id
            )
            self.trigger_event(event, why)

    def drop(self, invoice_id: str, because: str, why: Cause) -> None:
        """Lets go of a plan that ended or was to end."""
        if invoice_id in self.lapsed:
            self.trigger_event(Dropped(invoice_id=invoice_id, because=because), why)

    # ---- evolve ----

    @evolves(Lapsed)
    def _lapsed(self, event: Lapsed) -> None:
        self.lapsed[event.invoice_id] = event.held

    @evolves(Downgraded)
    def _downgraded(self, event: Downgraded) -> None:
        self.starters[event.invoice_id] = event.subscription_id

    @evolves(Restored, Dropped)
    def _over(self, event: Over) -> None:
        self.lapsed.pop(event.invoice_id, None)
        self.starters.pop(event.invoice_id, None)
