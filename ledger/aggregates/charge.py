"""A charge: which payment it belongs to, and what waits for that to be known.

Refunds and disputes of 2019 and before name only the charge, while the money they are about is
keyed by the payment intent, if there is one. Any of the three may come first.
"""

from __future__ import annotations

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.event import Cause, Event
from ledger.observations import DisputeObserved, RefundObserved

OfPayment = RefundObserved | DisputeObserved


class Linked(Event, frozen=True):
    """The charge belongs to a payment; one from before payment intents is its own."""

    TOPIC = "Charge.Linked"
    payment_id: str


class RefundHeld(Event, frozen=True):
    """A refund that names only this charge waits for its payment."""

    TOPIC = "Charge.RefundHeld"
    seen: RefundObserved


class DisputeHeld(Event, frozen=True):
    """A dispute that names only this charge waits for its payment."""

    TOPIC = "Charge.DisputeHeld"
    seen: DisputeObserved


EVENTS = (Linked, RefundHeld, DisputeHeld)


class Charge(Aggregate):
    """The link from a charge to its payment; set once, since Stripe never moves a charge."""

    CATEGORY = "charge"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.payment_id: str | None = None
        self.held: tuple[OfPayment, ...] = ()

    # ---- decide ----

    def link(self, payment_id: str, why: Cause) -> tuple[OfPayment, ...]:
        """Takes over the payment; returns what has waited for it, and nothing the next time."""
        if self.payment_id is not None:
            return ()
        self.trigger_event(Linked(payment_id=payment_id), why)
        return self.held

    def hold(self, seen: OfPayment, why: Cause) -> None:
        """Keeps what was seen until the payment is known."""
        if seen in self.held:
            return
        if isinstance(seen, RefundObserved):
            self.trigger_event(RefundHeld(seen=seen), why)
        else:
            self.trigger_event(DisputeHeld(seen=seen), why)

    # ---- evolve ----

    @evolves(Linked)
    def _linked(self, event: Linked) -> None:
        self.payment_id = event.payment_id

    @evolves(RefundHeld)
    def _refund_held(self, event: RefundHeld) -> None:
        self.held = (*self.held, event.seen)

    @evolves(DisputeHeld)
    def _dispute_held(self, event: DisputeHeld) -> None:
        self.held = (*self.held, event.seen)
