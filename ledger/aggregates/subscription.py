"""A subscription: its plan as it stands, the invoices that pay for it, and the access it gives."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates import owned
from ledger.aggregates.aggregate import evolves
from ledger.aggregates.owned import Owned
from ledger.effects import Access, features_dropped
from ledger.event import Cause, Event
from ledger.money import Money
from ledger.observations import Payer, Plan, SubscriptionObserved
from ledger.policy import (
    STOPPED,
    Coverage,
    Policy,
    covered_until,
    paid_until,
    subscription_access,
)
from ledger.snapshots import Newest, Snapshot, newest
from ledger.upcoming import NextBill


class Standing(Event, frozen=True):
    """The subscription as it stands; what is new about it is in the name of the event."""

    standing: Newest[Plan]


class Started(Standing, frozen=True):
    """The subscription is known for the first time."""

    TOPIC = "Subscription.Started"


class Changed(Standing, frozen=True):
    """Its plan, period, quantity or end changed; its status did not."""

    TOPIC = "Subscription.Changed"


class StatusChanged(Standing, frozen=True):
    """It moved to another status, past_due say."""

    TOPIC = "Subscription.StatusChanged"


class Ended(Standing, frozen=True):
    """It is over, and no later report brings it back."""

    TOPIC = "Subscription.Ended"


class Stopped(Event, frozen=True):
    """It became unpaid or was paused at `at`, however often it is reported afterwards."""

    TOPIC = "Subscription.Stopped"
    at: datetime


class Covered(Event, frozen=True):
    """A paid invoice pays for a stretch of it (None: no longer), and until when that is in all."""

    TOPIC = "Subscription.Covered"
    invoice_id: str
    coverage: Coverage | None
    paid_until: datetime | None


class CoverageSettled(Event, frozen=True):
    """Until when it is paid for in all as its plan stands, where invoices alone say otherwise."""

    TOPIC = "Subscription.CoverageSettled"
    paid_until: datetime | None


class ChangeNoted(Event, frozen=True):
    """When it changed before a report that came first; one of a change tells that by itself."""

    TOPIC = "Subscription.ChangeNoted"
    at: datetime


class NextBillAnnounced(Event, frozen=True):
    """What the provider is going to ask for when the period is over, as far as it stands now."""

    TOPIC = "Subscription.NextBillAnnounced"
    announced: Newest[NextBill]


class Attributed(owned.Attributed, frozen=True):
    """Whose subscription this is."""

    TOPIC = "Subscription.Attributed"


class Entitled(Event, frozen=True):
    """The access this subscription gives as it stands, and the features it gives no longer."""

    TOPIC = "Subscription.Entitled"
    access: Access | None
    dropped: tuple[str, ...] = ()


EVENTS = (
    Started, Changed, StatusChanged, Ended, Stopped, Covered, CoverageSettled, ChangeNoted,
    NextBillAnnounced, Attributed, Entitled,
)  # fmt: skip

ENDED = ("canceled", "incomplete_expired")


class Subscription(Owned):
    """Facts about one subscription, and the access that follows from them."""

    CATEGORY = "subscription"
    ATTRIBUTED = Attributed

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.standing: Newest[Plan] | None = None
        self.changed_at: datetime | None = None
        self.announced: Newest[NextBill] | None = None
        self.stops: dict[datetime, None] = {}
        self.coverage: dict[str, Coverage] = {}
        self.paid_until: datetime | None = None
        self.access: Access | None = None

    # ---- decide ----

    def observe(self, seen: SubscriptionObserved, why: Cause) -> None:
        """Takes over how the subscription stands, unless it is known to be over."""
        self._note_stop(seen.snapshot, why)
        is_over = self.plan is not None and self.plan.status in ENDED
        if not is_over or seen.snapshot.state.status in ENDED:
            standing = newest(self._surviving(seen), seen.snapshot)
            if standing != self.standing:
                self.trigger_event(_told(self.standing, standing), why)
        self._note_change(seen.snapshot, why)

    def _note_stop(self, snapshot: Snapshot[Plan], why: Cause) -> None:
        """Remembers the change itself, for later reports of the status do not tell since when."""
        before, after = snapshot.prior, snapshot.state
        stopped = before and before.status not in STOPPED and after.status in STOPPED
        if stopped and snapshot.created not in self.stops:
            self.trigger_event(Stopped(at=snapshot.created), why)

    def _note_change(self, snapshot: Snapshot[Plan], why: Cause) -> None:
        """Remembers the newest change, whatever only tells later how it stands came before."""
        at = snapshot.created
        if snapshot.prior is not None and (self.changed_at is None or at > self.changed_at):
            self.trigger_event(ChangeNoted(at=at), why)

    def _surviving(self, seen: SubscriptionObserved) -> Newest[Plan] | None:
        """What was known, unless this report is the first to tell of the end."""
        alive = self.plan is not None and self.plan.status not in ENDED
        return None if alive and seen.snapshot.state.status in ENDED else self.standing

    def announce(self, snapshot: Snapshot[NextBill], why: Cause) -> None:
        """Takes over what it is going to be billed next, unless something newer is known."""
        announced = newest(self.announced, snapshot)
        if announced != self.announced:
            self.trigger_event(NextBillAnnounced(announced=announced), why)

    def cover(self, invoice_id: str, coverage: Coverage | None, why: Cause) -> bool:
        """Takes over what one invoice pays for; False if that is known."""
        if self.coverage.get(invoice_id) == coverage:
            return False
        after = {**self.coverage, invoice_id: coverage}
        until = paid_until(each for each in after.values() if each)
        self.trigger_event(Covered(invoice_id=invoice_id, coverage=coverage, paid_until=until), why)
        return True

    def resolve(self, policy: Policy, why: Cause) -> None:
        """Records until when it is paid for, and the access, where they differ from before."""
        until = covered_until(self.plan, list(self.coverage.values())) if self.plan else None
        if self.plan and until != self.paid_until:
            self.trigger_event(CoverageSettled(paid_until=until), why)
        access = self._access(policy)
        if access != self.access:
            dropped = features_dropped(self.access, access)
            self.trigger_event(Entitled(access=access, dropped=dropped), why)

    def _access(self, policy: Policy) -> Access | None:
        if self.standing is None or self.customer_id is None:
            return None
        plan, as_of = self.standing.state, self.standing.created
        if plan.status in STOPPED:
            as_of = max((each for each in self.stops if each <= as_of), default=as_of)
        coverage = list(self.coverage.values())
        return subscription_access(plan, as_of, self.customer_id, coverage, policy)

    # ---- what is known ----

    @property
    def plan(self) -> Plan | None:
        """The subscription as it stands."""
        return self.standing.state if self.standing else None

    @property
    def next_due(self) -> Money | None:
        """What is due when this period or trial is over; None where it is not told for sure.

        What was announced for another period, or before the last change, counts no more.
        """
        plan, told = self.plan, self.announced
        if plan is None or told is None or told.ambiguous:
            return None
        period = plan.trial if plan.status == "trialing" else plan.period
        of_this = period is not None and told.state.at == period.end
        as_it_is = self.changed_at is None or self.changed_at < told.created
        return told.state.due if of_this and as_it_is else None

    @property
    def payer(self) -> Payer:
        """Who subscribed, as far as the subscription itself says."""
        return self.plan.payer if self.plan else Payer()

    # ---- evolve ----

    @evolves(Started, Changed, StatusChanged, Ended)
    def _stands(self, event: Standing) -> None:
        self.standing = event.standing
        if any(each.prior is not None for each in event.standing.held):
            self._changed(event.standing.created)

    @evolves(ChangeNoted)
    def _change_noted(self, event: ChangeNoted) -> None:
        self._changed(event.at)

    def _changed(self, at: datetime) -> None:
        self.changed_at = max(self.changed_at or at, at)

    @evolves(NextBillAnnounced)
    def _announced(self, event: NextBillAnnounced) -> None:
        self.announced = event.announced

    @evolves(Stopped)
    def _stopped(self, event: Stopped) -> None:
        self.stops[event.at] = None

    @evolves(Covered)
    def _covered(self, event: Covered) -> None:
        if event.coverage is None:
            self.coverage.pop(event.invoice_id, None)
        else:
            self.coverage[event.invoice_id] = event.coverage
        self.paid_until = event.paid_until

    @evolves(CoverageSettled)
    def _coverage_settled(self, event: CoverageSettled) -> None:
        self.paid_until = event.paid_until

    @evolves(Entitled)
    def _entitled(self, event: Entitled) -> None:
        self.access = event.access


def _told(before: Newest[Plan] | None, after: Newest[Plan]) -> Event:
    """The event whose name says what is new about the subscription."""
    if after.state.status in ENDED:
        return Ended(standing=after)
    if before is None:
        return Started(standing=after)
    same = before.state.status == after.state.status
    return Changed(standing=after) if same else StatusChanged(standing=after)
