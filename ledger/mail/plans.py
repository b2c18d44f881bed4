"""What customers are told of their subscriptions, some of it before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from ledger.aggregates import subscription as events
from ledger.mail.letter import Letter
from ledger.observations import Plan
from ledger.reactions.deciding import Decisions, Intent, Seen

RUNNING = ("trialing", "active")
HAD_RUN = (*RUNNING, "past_due", "unpaid", "paused")
NEVER_BEGINS_AFTER = timedelta(days=1)  # a first payment that is missing by then ends it


def started(seen: Seen) -> Iterator[Intent]:
    """It runs for the first time; of one that is come upon later this is no news."""
    now, past = _plan(seen), _past(seen)
    if now.status in RUNNING and not any(each.status in RUNNING for each in past):
        ends = {"trial_ends_at": now.trial.end} if now.trial and now.status == "trialing" else {}
        times = {"started_at": now.started_at, **ends}
        at = None if _born(seen) else now.started_at
        yield _intent(seen, "subscription_started", "", times, at=at)


def changed(seen: Seen) -> Iterator[Intent]:
    """What is subscribed to, or how many, is another; also where that follows from an open bill."""
    now, past = _plan(seen), _past(seen) or _prior(seen)
    known = past and now.status in HAD_RUN and past[0].status in HAD_RUN
    if known and _what(now) != _what(past[0]):
        yield _intent(seen, "subscription_changed", _which_change(seen), {})


def cancelled(seen: Seen) -> Iterator[Intent]:
    """It will end at a time that is set now; who takes that back may cancel again."""
    now, past = _plan(seen), _past(seen) or _prior(seen)
    if past and now.cancel_at and now.status in HAD_RUN and past[0].cancel_at != now.cancel_at:
        times = {"ends_at": now.cancel_at}
        when = _stamp(now.canceled_at) if now.canceled_at else ""
        yield _intent(seen, "subscription_cancelled", _stamp(now.cancel_at) + when, times)


def goes_on(seen: Seen) -> Iterator[Intent]:
    """Its cancellation was taken back."""
    now, past = _plan(seen), _past(seen) or _prior(seen)
    if past and past[0].cancel_at and now.status in HAD_RUN and not now.cancel_at:
        which = f"{_stamp(_reported_at(seen))}:goes_on"
        yield _intent(seen, "subscription_changed", which, {}, goes_on=1)


def ended(seen: Seen) -> Iterator[Intent]:
    """It is over, and had been running, even if its end is the first that is reported of it."""
    now, past = _plan(seen), _past(seen)
    ended_at = now.ended_at or seen.event.effective_at
    ran = any(each.status in HAD_RUN for each in past) or _must_have_run(now, ended_at)
    if ran and not (past and past[0].status in events.ENDED):
        yield _intent(seen, "subscription_ended", "", {"ended_at": ended_at})


def will_renew(seen: Seen) -> Iterator[Intent]:
    """Its paid period ends and another begins, some days ahead."""
    now, notice = _plan(seen), timedelta(days=seen.by.notice_days)
    if not _bills_again(now) or now.cancel_at or now.period is None or not notice:
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


def _bills_again(plan: Plan) -> bool:
    """Also what is no trial to its holder: one that began later may be of time they paid for."""
    later = plan.trial is not None and plan.trial.start > plan.started_at
    return plan.status == "active" or (plan.status == "trialing" and later)


def _plan(seen: Seen) -> Plan:
    event = seen.event
    assert isinstance(event, events.Standing)
    return event.standing.state


def _past(seen: Seen) -> list[Plan]:
    """How it stood before, the last first."""
    return [each.standing.state for each in seen.earlier(events.Standing)]


def _prior(seen: Seen) -> list[Plan]:
    """How it stood just before, as the report itself says."""
    event = seen.event
    assert isinstance(event, events.Standing)
    prior = event.standing.held[0].prior
    return [prior] if prior else []


def _born(seen: Seen) -> bool:
    """Whether its very beginning was reported."""
    known = (seen.event, *seen.before)
    standings = [each.standing for each in known if isinstance(each, events.Standing)]
    return any(snapshot.born for standing in standings for snapshot in standing.held)


def _must_have_run(plan: Plan, ended_at: datetime) -> bool:
    """Whether one of which nothing else is known was more than an attempt to begin it."""
    lasted = ended_at - plan.started_at
    return plan.status == "canceled" and (plan.trial is not None or lasted > NEVER_BEGINS_AFTER)


def _which_change(seen: Seen) -> str:
    """The same whoever reports it, and however often."""
    what = sha256(repr(_what(_plan(seen))).encode()).hexdigest()[:8]
    return f"{_stamp(_reported_at(seen))}:{what}"


def _reported_at(seen: Seen) -> datetime:
    event = seen.event
    assert isinstance(event, events.Standing)
    return event.standing.created


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
    at: datetime | None = None,
    **words: int,
) -> Intent:
    """`which` tells apart what may happen to one subscription several times.

    `at` is when it came about, unless that is now, or the time it is due.
    """
    plan = _plan(seen)
    letter = Letter(
        about=seen.event.originator_id,
        at=at or due_at or seen.event.effective_at,
        times=times,
        words={"plan": plan.plan_id or "", "quantity": plan.quantity, **words},
    )
    return Intent(f"mail.{template}", f"{seen.stream.key}{which}", letter, due_at)


_TOLD = (started, changed, cancelled, goes_on, will_renew, trial_ending)

PLANS: Decisions = {
    events.Started: _TOLD,
    events.Changed: _TOLD,
    events.StatusChanged: _TOLD,
    events.Ended: (ended,),
}
"""Kind of event -> the mails about a subscription it may call for."""
