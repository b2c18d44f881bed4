"""What happens to subscriptions, in words."""

from __future__ import annotations

from ledger.aggregates import subscription as subscriptions
from ledger.observations import Plan
from replay.sentences.words import Sentences, access, key, listed, owner, when


def started(event: subscriptions.Started) -> str:
    plan = event.standing.state
    return f"subscription {key(event)} to {listed(plan.features)} is {plan.status}{_next(plan)}"


def changed(event: subscriptions.Changed) -> str:
    plan = event.standing.state
    of = f"{plan.quantity} x {listed(plan.features)}"
    return f"subscription {key(event)} is for {of} now{_next(plan)}"


def status_changed(event: subscriptions.StatusChanged) -> str:
    plan = event.standing.state
    return f"subscription {key(event)} became {plan.status}{_next(plan)}"


def _next(plan: Plan) -> str:
    if plan.cancel_at:
        return f", to be canceled at {when(plan.cancel_at)}"
    return f", its period ends at {when(plan.period.end)}" if plan.period else ""


def ended(event: subscriptions.Ended) -> str:
    plan = event.standing.state
    at = f" at {when(plan.ended_at)}" if plan.ended_at else ""
    return f"subscription {key(event)} ended{at}: {plan.status}"


def covered(event: subscriptions.Covered) -> str:
    until = f"paid until {when(event.paid_until)}" if event.paid_until else "not paid for"
    coverage = event.coverage
    if coverage is None:
        return f"invoice {event.invoice_id} pays for nothing of {key(event)}; it is {until}"
    span = f"{when(coverage.start)} to {when(coverage.end)}"
    verb = "paid for" if coverage.taken_back is None else "no longer pays, being paid back, for"
    return f"invoice {event.invoice_id} {verb} {key(event)} from {span}; it is {until}"


def coverage_settled(event: subscriptions.CoverageSettled) -> str:
    until = f"paid until {when(event.paid_until)}" if event.paid_until else "not paid for"
    return f"as its plan stands, subscription {key(event)} is {until}"


def next_bill_announced(event: subscriptions.NextBillAnnounced) -> str:
    bill = event.announced.state
    return f"subscription {key(event)} is to be billed {bill.due} at {when(bill.at)}"


def entitled(event: subscriptions.Entitled) -> str:
    return f"subscription {key(event)} {access(event.access, event.dropped)}"


SUBSCRIPTIONS: Sentences = {
    subscriptions.Started: started,
    subscriptions.Changed: changed,
    subscriptions.StatusChanged: status_changed,
    subscriptions.Ended: ended,
    subscriptions.Stopped: lambda e: f"subscription {key(e)} stopped at {when(e.at)}",
    subscriptions.Covered: covered,
    subscriptions.CoverageSettled: coverage_settled,
    subscriptions.ChangeNoted: lambda e: f"subscription {key(e)} had changed at {when(e.at)}",
    subscriptions.NextBillAnnounced: next_bill_announced,
    subscriptions.Attributed: lambda e: f"subscription {key(e)} is {owner(e.customer_id)}'s",
    subscriptions.Entitled: entitled,
}
