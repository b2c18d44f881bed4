"""Dunning: which plan a user lost because its bill was not paid, and whether they have it again."""

from __future__ import annotations

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.event import EPOCH, Cause, Event
from ledger.observations import Bill


class HeldPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A plan as it was held before it ended; `prorated`, what was paid and unused is given back."""

    plan_id: str
    subscription_id: str
    price_id: str
    quantity: int
    prorated: bool = False


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
    """There is nothing (more) to be done about this invoice, and why.

    The plan that `stays_ended` by it may still come back by another bill of the same subscription.
    """

    TOPIC = "Dunning.Dropped"
    because: str
    stays_ended: bool = False


EVENTS = (Lapsed, Downgraded, Restored, Dropped)


class Dunning(Aggregate):
    """One user's unpaid plans, by the invoice that was not paid, as long as they may come back."""

    CATEGORY = "dunning"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.lapsed: dict[str, HeldPlan] = {}
        self.starters: dict[str, str] = {}
        self.ended: HeldPlan | None = None
        self.ended_at = EPOCH

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
        held = self.lapsed.get(invoice_id, self.ended)
        if held is not None:
            event = Restored(
                invoice_id=invoice_id, subscription_id=subscription_id, plan_id=held.plan_id
            )
            self.trigger_event(event, why)

    def drop(self, invoice_id: str, because: str, why: Cause, *, stays_ended: bool = False) -> None:
        """Lets go of a plan that ended or was to end."""
        if invoice_id in self.lapsed:
            event = Dropped(invoice_id=invoice_id, because=because, stays_ended=stays_ended)
            self.trigger_event(event, why)

    # ---- what is known ----

    def held(self, invoice_id: str, bill: Bill) -> HeldPlan | None:
        """The plan that ended because of this bill, or while it waited beside another."""
        held = self.lapsed.get(invoice_id)
        if held is None and bill.finalized_at and bill.finalized_at < self.ended_at:
            held = self.ended
        return held if held and held.subscription_id == bill.subscription_id else None

    # ---- evolve ----

    @evolves(Lapsed)
    def _lapsed(self, event: Lapsed) -> None:
        self.lapsed[event.invoice_id] = event.held

    @evolves(Downgraded)
    def _downgraded(self, event: Downgraded) -> None:
        self.starters[event.invoice_id] = event.subscription_id
        self.ended, self.ended_at = self.lapsed.get(event.invoice_id), event.effective_at

    @evolves(Restored)
    def _restored(self, _: Restored) -> None:
        self.lapsed, self.starters, self.ended = {}, {}, None

    @evolves(Dropped)
    def _dropped(self, event: Dropped) -> None:
        self.lapsed.pop(event.invoice_id, None)
        self.starters.pop(event.invoice_id, None)
        self.ended = self.ended if event.stays_ended else None
