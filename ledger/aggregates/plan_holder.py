"""Whoever has plans: which one held from when until when, and never two at once.

Every report of a subscription that holds a plan is kept, not only the newest, so that the past
does not depend on the order in which reports came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.aggregates.subscription import ENDED
from ledger.event import Cause, Event
from ledger.observations import Plan
from ledger.snapshots import Newest, Snapshot, newest

HOLDING = ("trialing", "active", "past_due")
"""Statuses in which a subscription's plan is its user's; nothing was paid before, nor is after."""


class Held(msgspec.Struct, frozen=True, omit_defaults=True):
    """The plan somebody has by one subscription; None while it holds none, `over` for good."""

    plan_id: str | None
    over: bool = False


class HeldPeriod(msgspec.Struct, frozen=True):
    """A plan that held from `start` until `end` (None: it still does)."""

    plan_id: str
    subscription_id: str
    start: datetime
    end: datetime | None = None


class PlanReported(Event, frozen=True):
    """How one subscription stood at a second, and all periods that follow, `before` so many."""

    TOPIC = "PlanHolder.PlanReported"
    subscription_id: str
    standing: Newest[Held]
    periods: tuple[HeldPeriod, ...] = ()
    before: int = 0


EVENTS = (PlanReported,)

Reports = dict[tuple[datetime, str], Newest[Held]]


class PlanHolder(Aggregate):
    """One user of the application, as one who has plans."""

    CATEGORY = "plan_holder"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.reports: Reports = {}
        self.periods: tuple[HeldPeriod, ...] = ()

    # ---- decide ----

    def observe(self, subscription_id: str, snapshot: Snapshot[Held], why: Cause) -> None:
        """Takes over how one subscription stood when this was reported."""
        key = (snapshot.created, subscription_id)
        known = self.reports.get(key)
        standing = newest(known, snapshot)
        if standing == known:
            return
        reported = PlanReported(
            subscription_id=subscription_id,
            standing=standing,
            periods=tuple(periods({**self.reports, key: standing})),
            before=len(self.periods),
        )
        self.trigger_event(reported, why)

    # ---- evolve ----

    @evolves(PlanReported)
    def _plan_reported(self, event: PlanReported) -> None:
        self.reports[(event.standing.created, event.subscription_id)] = event.standing
        self.periods = event.periods


def plan_told(snapshot: Snapshot[Plan]) -> tuple[str, Snapshot[Held]] | None:
    """Whose plan a report of a subscription tells of, and which one that is."""
    plan = snapshot.state
    if plan.plan_id is None or plan.payer.user_id is None:
        return None
    prior = None if snapshot.prior is None else _held(snapshot.prior)
    seen = Snapshot(_held(plan), snapshot.created, snapshot.rank, prior, snapshot.born)
    return plan.payer.user_id, seen


def _held(plan: Plan) -> Held:
    return Held(plan.plan_id if plan.status in HOLDING else None, plan.status in ENDED)


def periods(reports: Mapping[tuple[datetime, str], Newest[Held]]) -> Iterable[HeldPeriod]:
    """The stretches of time in which a plan held; of several at once the one taken up last.

    Once a subscription is over no later report brings it back.
    """
    holding: dict[str, tuple[datetime, str]] = {}
    over: set[str] = set()
    current: HeldPeriod | None = None
    for at, subscription_id in sorted(reports):
        held = reports[at, subscription_id].state
        plan_id = None if subscription_id in over else held.plan_id
        over |= {subscription_id} if held.over else set()
        if plan_id is None:
            holding.pop(subscription_id, None)
        else:
            since = holding.get(subscription_id, (at, plan_id))[0]
            holding[subscription_id] = (since, plan_id)
        after = _latest(holding, at)
        if current and (after is None or _what(after) != _what(current)):
            if current.start < at:
                yield msgspec.structs.replace(current, end=at)
            current = None
        current = current or after
    if current:
        yield current


def _latest(holding: Mapping[str, tuple[datetime, str]], at: datetime) -> HeldPeriod | None:
    found = max(((since, key, plan) for key, (since, plan) in holding.items()), default=None)
    return HeldPeriod(found[2], found[1], at) if found else None


def _what(period: HeldPeriod) -> tuple[str, str]:
    return period.plan_id, period.subscription_id
