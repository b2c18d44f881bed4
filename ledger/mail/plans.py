"""What customers are told of their subscriptions, some of it before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ledger.aggregates import subscription as events
from ledger.mail.letter import Letter
from ledger.observations import Plan
from ledger.reactions.deciding import Decisions, Intent, Seen

RUNNING = ("trialing", "active")


def started(seen: Seen) -> Iterator[Intent]:
    """It runs for the first time."""
    now, past = _plan(seen), _past(seen)
    if now.status in RUNNING and not any(each.status in RUNNING for each in past):
        ends = {"trial_ends_at": now.trial.end} if now.trial and now.status == "trialing" else {}
        yield _intent(seen, "subscription_started", "", {"started_at": now.started_at, **ends})


def changed(seen: Seen) -> Iterator[Intent]:
    """What is subscribed to, or how many, is another."""
    now, past = _plan(seen), _past(seen)
    if past and _running(now, past[0]) and _what(now) != _what(past[0]):
        version = seen.event.originator_version
        yield _intent(seen, "subscription_changed", f":{version}", {})


def cancelled(seen: Seen) -> Iterator[Intent]:
    """It will end at a time that is set now."""
    now, past = _plan(seen), _past(seen)
    if past and now.cancel_at and now.status in RUNNING and past[0].cancel_at != now.cancel_at:
        times = {"ends_at": now.cancel_at}
        yield _intent(seen, "subscription_cancelled", _stamp(now.cancel_at), times)


def ended(seen: Seen) -> Iterator[Intent]:
    """It is over, and had been running."""
    now, past = _plan(seen), _past(seen)
    running = any(each.status in (*RUNNING, "past_due", "unpaid", "paused") for each in past)
    if running and past[0].status not in events.ENDED:
        ended_at = now.ended_at or seen.event.effective_at
        yield _intent(seen, "subscription_ended", "", {"ended_at": ended_at})


def will_renew(seen: Seen) -> Iterator[Intent]:
    """Its paid period ends and another begins, some days ahead."""
    now, notice = _plan(seen), timedelta(days=seen.by.notice_days)
    if now.status != "active" or now.cancel_at or now.period is None or not notice:
        return
    due_at = now.period.end - notice
    if due_at > max(now.period.start, seen.event.recorded_at):
        times = {"renews_at": now.period.end}
        yield _intent(seen, "will_renew", _stamp(now.period.end), times, due_at)


def trial_ending(seen: Seen) -> Iterator[Intent]:
    """The trial ends and money will be taken, some days ahead."""
    now, notice = _plan(seen), timedelta(days=seen.by.notice_days)
    if now.status != "trialing" or now.cancel_at or now.trial is None or not notice:
        return
    due_at = now.trial.end - notice
    if due_at > max(now.trial.start, seen.event.recorded_at):
        times = {"trial_ends_at": now.trial.end}
        yield _intent(seen, "trial_ending", _stamp(now.trial.end), times, due_at)


def _plan(seen: Seen) -> Plan:
    event = seen.event
    assert isinstance(event, events.Standing)
    return event.standing.state


def _past(seen: Seen) -> list[Plan]:
    """How it stood before, the last first."""
    return [each.standing.state for each in seen.earlier(events.Standing)]


def _running(*plans: Plan) -> bool:
    return all(each.status in RUNNING for each in plans)


def _what(plan: Plan) -> object:
    return plan.plan_id, plan.features, plan.quantity


def _stamp(at: datetime) -> str:
    return f":{at:%Y%m%dT%H%M%S}"


def _intent(
    seen: Seen,
    template: str,
    which: str,
    times: dict[str, datetime],
    due_at: datetime | None = None,
) -> Intent:
    """`which` tells apart what may happen to one subscription several times."""
    plan = _plan(seen)
    letter = Letter(
        about=seen.event.originator_id,
        at=due_at or seen.event.effective_at,
        times=times,
        words={"plan": plan.plan_id or "", "quantity": plan.quantity},
    )
    return Intent(f"mail.{template}", f"{seen.stream.key}{which}", letter, due_at)


_TOLD = (started, changed, cancelled, will_renew, trial_ending)

PLANS: Decisions = {
    events.Started: _TOLD,
    events.Changed: _TOLD,
    events.StatusChanged: _TOLD,
    events.Ended: (ended,),
}
"""Kind of event -> the mails about a subscription it may call for."""
