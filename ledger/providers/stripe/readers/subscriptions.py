"""customer.subscription.*: a subscription as it stands."""

from __future__ import annotations

from ledger.observations import Observation, Payer, Period, Plan, SubscriptionObserved
from ledger.providers.stripe import contract
from ledger.providers.stripe.observer import StripeEvent, at, maybe_at
from ledger.providers.stripe.payloads import Subscription, link


def created(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=0, born=True)


def updated(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=1)


def deleted(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=2)


def _observed(event: StripeEvent, rank: int, born: bool = False) -> tuple[Observation, ...]:
    snapshot = event.snapshot(Subscription, plan, rank, born)
    return (SubscriptionObserved(event.object(Subscription).id, snapshot),)


def plan(sub: Subscription) -> Plan:
    """A subscription in our words; its period spans all items (they may differ since 2025-03)."""
    period = _period(sub)
    cancel_at = maybe_at(sub.cancel_at)
    if cancel_at is None and sub.cancel_at_period_end and period:
        cancel_at = period.end
    return Plan(
        status=sub.status,
        payer=Payer(contract.said(sub.metadata, "user_id"), link(sub.customer)),
        started_at=at(sub.created if sub.start_date is None else sub.start_date),
        features=contract.plan_features(sub.items.data, sub.metadata),
        quantity=sum(item.quantity or 0 for item in sub.items.data),
        period=period,
        trial=_trial(sub),
        cancel_at=cancel_at,
        canceled_at=maybe_at(sub.canceled_at),
        ended_at=maybe_at(sub.ended_at),
        cart_id=contract.said(sub.metadata, "cart_id"),
        plan_id=contract.held_plan(sub.items.data, sub.metadata),
    )


def _period(sub: Subscription) -> Period | None:
    starts = [item.current_period_start for item in sub.items.data]
    ends = [item.current_period_end for item in sub.items.data]
    start = min((each for each in starts if each is not None), default=None)
    end = max((each for each in ends if each is not None), default=None)
    return Period(at(start), at(end)) if start is not None and end is not None else None


def _trial(sub: Subscription) -> Period | None:
    if sub.trial_start is None or sub.trial_end is None:
        return None
    return Period(at(sub.trial_start), at(sub.trial_end))
