"""What happened to a bill that could not be collected, and because of it, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from ledger.aggregates import dunning as books
from ledger.aggregates import invoice_events as invoices
from ledger.aggregates import subscription as subscriptions
from ledger.dunning.deciding import failed
from ledger.policy import STOPPED
from ledger.reactions import events as reactions
from ledger.reactions.reaction import Reaction
from replay.explain.trouble import Trouble, bill_of
from replay.past import Recorded
from replay.sentences import sentence
from replay.sentences.words import when

Kind = Literal[
    "terms", "failed", "grace", "provider", "ended", "starter", "hitch", "settled", "restored",
    "dropped", "next",
]  # fmt: skip


class Draft(NamedTuple):
    """A step before the deliveries behind it are looked up; `until` is a time to come it names."""

    kind: Kind
    says: str
    at: datetime | None = None
    until: datetime | None = None
    by: Recorded | None = None


def way(trouble: Trouble) -> list[Draft]:
    """By time, within a second as it was recorded; after the first try, how long grace lasts."""
    found = [*_tries(trouble), *_provider(trouble), *_settled(trouble), *_done(trouble)]
    found.sort(key=_order)
    first = next(number for number, each in enumerate(found) if each.kind == "failed")
    return [*found[: first + 1], *_grace(trouble, found[first]), *found[first + 1 :]]


def _order(draft: Draft) -> tuple[datetime, bool, int]:
    """What was done is in a log of its own, and comes after what it is about."""
    assert draft.at is not None
    assert draft.by is not None
    return draft.at, draft.by.event.originator_id.startswith(ACTS), draft.by.position


def _tries(trouble: Trouble) -> Iterator[Draft]:
    """Each try once, however often it was reported."""
    tries: dict[int, list[Recorded]] = {}
    for each in trouble.standings:
        if failed(bill_of(each)):
            tries.setdefault(bill_of(each).attempt_count, []).append(each)
    for number, reports in tries.items():
        yield _try(trouble.invoice_id, number, reports)


def _try(invoice_id: str, number: int, reports: Sequence[Recorded]) -> Draft:
    bill, at = bill_of(reports[-1]), reports[0].event.effective_at
    again = bill.next_attempt_at
    then = f"the next is at {when(again)}" if again else "Stripe plans no other"
    says = f"try {number} to collect invoice {invoice_id} over {bill.total} failed; {then}"
    return Draft("failed", says, at, again, reports[0])


def _grace(trouble: Trouble, first: Draft) -> Iterator[Draft]:
    """What the subscription gave when the first try failed."""
    given = [each for each in trouble.plan if isinstance(each.event, subscriptions.Entitled)]
    before = [each for each in given if first.at is None or each.event.effective_at <= first.at]
    for each in before[-1:] or given[:1]:
        assert isinstance(each.event, subscriptions.Entitled)
        access = each.event.access
        if access and access.paid_until and access.ends_at and not access.ended_because:
            paid, ends = when(access.paid_until), when(access.ends_at)
            says = f"access is paid for until {paid}, and kept in grace until {ends}"
            yield Draft("grace", says, first.at, access.ends_at, each)


def _provider(trouble: Trouble) -> Iterator[Draft]:
    """What the provider made of the subscription for want of payment."""
    began = min(each.position for each in trouble.standings if failed(bill_of(each)))
    over = [each.position for each in trouble.standings if isinstance(each.event, invoices.Paid)]
    for each in trouble.plan:
        if _gave_up(each) and began < each.position and (not over or each.position < over[0]):
            yield _told("provider", each)


def _gave_up(each: Recorded) -> bool:
    event = each.event
    if isinstance(event, subscriptions.StatusChanged):
        return event.standing.state.status in STOPPED
    return isinstance(event, subscriptions.Ended)


def _settled(trouble: Trouble) -> Iterator[Draft]:
    """The first report of each way a bill may be done with."""
    kinds = (invoices.Paid, invoices.Voided, invoices.MarkedUncollectible)
    for kind in kinds:
        found = (each for each in trouble.standings if type(each.event) is kind)
        yield from (_told("settled", each) for each in [next(found, None)] if each)


def _done(trouble: Trouble) -> Iterator[Draft]:
    """What was done about the plan, and what kept it from being done."""
    yield from (_told(STEPS[type(each.event)], each) for each in trouble.steps)
    dropped = {
        each.event.because for each in trouble.steps if isinstance(each.event, books.Dropped)
    }
    for each in trouble.acts:
        event = each.event
        if isinstance(event, HITCHES):
            yield _told("hitch", each)
        elif isinstance(event, reactions.Done) and event.without_effect not in (None, *dropped):
            yield _told("dropped", each)


def _told(kind: Kind, each: Recorded) -> Draft:
    return Draft(kind, sentence(each.event), each.event.effective_at, None, each)


STEPS: dict[type[object], Kind] = {
    books.Lapsed: "ended",
    books.Downgraded: "starter",
    books.Restored: "restored",
    books.Dropped: "dropped",
}
ACTS = f"{Reaction.CATEGORY}/"
HITCHES = (reactions.Failed, reactions.Parked, reactions.Retried, reactions.Dismissed)
