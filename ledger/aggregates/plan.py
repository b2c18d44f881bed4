"""A plan to subscribe to, and which of them is the starter."""

from __future__ import annotations

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.aggregates.offering import Offering
from ledger.event import Cause, Event


class StarterChosen(Event, frozen=True):
    """The plan of users who chose none; None: there is none any more."""

    TOPIC = "StarterPlan.Chosen"
    plan_id: str | None


EVENTS = (StarterChosen,)


class Plan(Offering):
    """Paid each interval, it gives its features while it is paid for."""

    CATEGORY = "plan"


class StarterPlan(Aggregate):
    """Which plan new users get; there is one such choice in a scope, under the key `KEY`."""

    CATEGORY = "starter_plan"
    KEY = "choice"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.plan_id: str | None = None

    def choose(self, plan_id: str, starter: bool, why: Cause) -> None:
        """Takes over whether this plan is the starter; the one offered last is."""
        if starter != (plan_id == self.plan_id):
            self.trigger_event(StarterChosen(plan_id=plan_id if starter else None), why)

    @evolves(StarterChosen)
    def _chosen(self, event: StarterChosen) -> None:
        self.plan_id = event.plan_id
