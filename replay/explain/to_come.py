"""What comes next of a bill that could not be collected, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from ledger.aggregates.dunning import HeldPlan
from ledger.dunning.deciding import DOWNGRADE, ends
from ledger.reactions.deciding import Seen
from ledger.settings.dunning import Dunning as Ending
from ledger.settings.reacting import Reacting
from replay.explain.trouble import Trouble
from replay.sentences.words import when

WAITED_FOR = ("open", "uncollectible")


class Next(NamedTuple):
    """One sentence of what is to come, and the time it names."""

    says: str
    until: datetime | None = None


def to_come(trouble: Trouble, ending: Ending | None, at: datetime) -> Iterator[Next]:
    """What is to come while a bill is not paid, the nearest that concerns its payer first."""
    bill = trouble.bill
    if bill.status not in WAITED_FOR:
        return
    held = trouble.dunning.held(trouble.invoice_id, bill)
    yield (_unless_paid(trouble, ending, at) if held is None else _once_paid(trouble, held, at))
    if bill.next_attempt_at is not None and bill.next_attempt_at > at:
        yield Next(f"Stripe tries again at {when(bill.next_attempt_at)}", bill.next_attempt_at)


def _unless_paid(trouble: Trouble, ending: Ending | None, at: datetime) -> Next:
    plan, access = trouble.billed_plan, trouble.access
    if ending is None or plan is None or plan.plan_id is None:
        until = access.ends_at if access else None
        return Next(f"unless it is paid, access ends at {when(until)}", until)
    waiting = [due for due in _dues(trouble, ending) if due is not None]
    if not waiting:
        return Next(_no_due(trouble))
    due = min(waiting)
    if due > at:
        return Next(f"unless it is paid, the starter plan from {when(due)}", due)
    return Next(f"the starter plan is due since {when(due)}: see `billing reactions`", due)


def _no_due(trouble: Trouble) -> str:
    if any(each.status == "parked" for each in trouble.reactions.values()):
        return "what is parked waits for a person: see `billing reactions`"
    if trouble.bill.next_attempt_at is None:
        return "nothing by itself: what was to be done about it is done"
    return "unless it is paid, the starter plan an hour after Stripe's last try"


def _dues(trouble: Trouble, ending: Ending) -> Iterator[datetime | None]:
    """When the plan is to end: as it is recorded, else by the terms; None for what is over."""
    found: dict[str, datetime | None] = {}
    for each in trouble.standings:
        seen = Seen(each.event, each.position, lambda _: (), Reacting(dunning=ending))
        for intent in ends(seen):
            found.setdefault(f"{intent.kind}:{intent.fact}", intent.due_at)
    for name, reaction in trouble.reactions.items():
        if name.startswith(DOWNGRADE):
            found[name] = reaction.due_at if reaction.status == "waiting" else None
    yield from found.values()


def _once_paid(trouble: Trouble, held: HeldPlan, at: datetime) -> Next:
    """The starter plan is held, or about to be."""
    covers, plan = trouble.bill.covers, held.plan_id
    if covers is not None and covers.end > at:
        until = f"{plan} is back, and paid until {when(covers.end)}"
        return Next(f"once it is paid, {until}", covers.end)
    if held.prorated:
        again = "in a new period, from which what was given back is deducted"
        return Next(f"once it is paid, {plan} is back {again}")
    return Next(f"being paid now it brings nothing back: {plan} has to be chosen again")
