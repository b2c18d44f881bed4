"""The rules that turn facts into access, credits and standing: pure, and each in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ledger.effects import Access, EndReason
from ledger.observations import Plan

PurchaseStatus = Literal[
    "pending", "paid", "failed", "canceled", "abandoned", "refunded", "partially_refunded",
    "disputed", "dispute_lost", "other_platform", "quarantined",
]  # fmt: skip


class Policy(msgspec.Struct, frozen=True):
    """What an operator decides: how long access outlives the paid period, and whose payments count.

    `platform` None takes every payment for ours.
    """

    grace: timedelta = timedelta(days=7)
    platform: str | None = None

    def owns(self, platform: str | None) -> bool:
        """Whether a payment that names `platform` is this ledger's to apply."""
        return not self.platform or not platform or platform == self.platform


class TakenBack(msgspec.Struct, frozen=True, order=True):
    """When, and by which fact, a payment lost what it had given."""

    at: datetime
    because: EndReason


class Coverage(msgspec.Struct, frozen=True, omit_defaults=True):
    """The stretch of a subscription that one paid invoice pays for."""

    paid_at: datetime
    start: datetime
    end: datetime
    taken_back: TakenBack | None = None


class Sums(msgspec.Struct, frozen=True):
    """The four sums of a payment that its status and its credits depend on, in minor units."""

    paid: int | None = None
    refunded: int = 0
    disputed: int = 0
    lost: int = 0


def purchase_status(
    sums: Sums, closed: str | None, ours: bool, conflict: bool = False
) -> PurchaseStatus:
    """The one word finance reads for a purchase; the first rule that holds names it."""
    paid = sums.paid is not None
    rules: tuple[tuple[bool, PurchaseStatus], ...] = (
        (not ours, "other_platform"),
        (conflict, "quarantined"),
        (sums.lost > 0, "dispute_lost"),
        (sums.disputed > 0, "disputed"),
        (paid and sums.refunded > 0 and sums.refunded >= (sums.paid or 0), "refunded"),
        (paid and sums.refunded > 0, "partially_refunded"),
        (paid, "paid"),
        (closed == "canceled", "canceled"),
        (closed == "abandoned", "abandoned"),
        (closed == "failed", "failed"),
    )
    return next((name for holds, name in rules if holds), "pending")


def revoked_credits(credits: int, sums: Sums) -> int:
    """Credits taken back, pro rata of the money that went back, in the customer's favour."""
    back = sums.refunded + sums.lost
    if not sums.paid or back <= 0:
        return 0
    return min(credits, credits * back // sums.paid)


def paid_until(coverage: Iterable[Coverage]) -> datetime | None:
    """Until when a subscription is paid for, not counting what was wholly paid back."""
    return max((each.end for each in coverage if each.taken_back is None), default=None)


def covered_until(plan: Plan, coverage: list[Coverage]) -> datetime | None:
    """The same as the plan stands: a longer cycle may have ended with a change to a shorter one."""
    return paid_until(_without_superseded(plan, coverage))


def subscription_access(
    plan: Plan, as_of: datetime, owner: str, coverage: list[Coverage], policy: Policy
) -> Access | None:
    """What a subscription grants; None while it is neither trialing nor paid for.

    `as_of` is since when the provider reports the status of `plan`. The end comes from the paid
    period, never from a constant: payment of an invoice, not mere creation, grants.
    """
    coverage = _without_superseded(plan, coverage)
    until = paid_until(coverage)
    trial = plan.trial if plan.status == "trialing" else None
    if not plan.features or (not coverage and trial is None):
        return None
    starts = [each.paid_at for each in coverage] + ([trial.start] if trial else [])
    ends_at, because = _end(plan, as_of, until, coverage, policy)
    return Access(
        customer_id=owner,
        features=plan.features,
        granted_at=min(starts),
        paid_until=_latest(until, trial.end) if trial else until,
        ends_at=ends_at,
        ended_because=because,
        trial=trial is not None,
    )


def _without_superseded(plan: Plan, coverage: list[Coverage]) -> list[Coverage]:
    """Longer cycles end where a change of plan began a shorter one that was paid for, or a trial.

    Not those within the provider's period: several items may have cycles of their own.
    """
    kept = [each for each in coverage if each.taken_back is None]
    if plan.trial is not None:
        kept.append(Coverage(plan.trial.start, plan.trial.start, plan.trial.end))
    newest = max(kept, key=lambda each: (each.start, each.end), default=None)
    now = plan.period
    if newest is None or now is None:
        return coverage
    return [
        msgspec.structs.replace(each, end=newest.start)
        if each.start < newest.start
        and each.end > newest.end
        and not (now.start <= each.start and each.end <= now.end)
        else each
        for each in coverage
    ]


def _end(
    plan: Plan,
    as_of: datetime,
    until: datetime | None,
    coverage: list[Coverage],
    policy: Policy,
) -> tuple[datetime | None, EndReason | None]:
    """When access ends, and by which fact if one ended it: the earliest of all that may end it."""
    ends = [_paid_end(plan, until, coverage, policy)]
    if plan.cancel_at is not None:
        ends.append((plan.cancel_at, "canceled"))
    if plan.status in _ENDED:
        ends.append((plan.ended_at or as_of, _ENDED[plan.status]))
    if plan.status in STOPPED:
        ends.append((as_of, STOPPED[plan.status]))
    return min(ends, key=lambda end: end[0])


def _paid_end(
    plan: Plan, until: datetime | None, coverage: list[Coverage], policy: Policy
) -> tuple[datetime, EndReason | None]:
    """Where the paid time and its grace run out; money that went back leaves no grace."""
    latest = max(coverage, key=lambda each: (each.end, each.taken_back is None), default=None)
    taken = latest.taken_back if latest else None
    if taken is not None:
        return max(taken.at, until or taken.at), taken.because
    return _latest(until, plan.trial.end if plan.trial else None) + policy.grace, None


def _latest(*times: datetime | None) -> datetime:
    return max(time for time in times if time is not None)


_ENDED: dict[str, EndReason] = {
    "canceled": "canceled",
    "incomplete_expired": "incomplete_expired",
}
STOPPED: dict[str, EndReason] = {"unpaid": "unpaid", "paused": "paused"}
