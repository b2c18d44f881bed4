"""The way of bills that could not be collected: each step with its time and its cause.

It stands beside what a row follows from: what was tried and done is told whether or not the row
would be another without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from ledger.aggregates.dunning import Dunning
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.subscription import Subscription
from ledger.policy import Policy
from ledger.reactions.reaction import Reaction
from ledger.settings.dunning import Dunning as Ending
from replay.acts import told_acts
from replay.explain.outcomes import category
from replay.explain.to_come import to_come
from replay.explain.trouble import About, troubles
from replay.explain.way import Draft, Kind, way
from replay.happened import Happened
from replay.history import told
from replay.past import Past, Recorded

READ = (Invoice.CATEGORY, Subscription.CATEGORY, Dunning.CATEGORY)


class Terms(msgspec.Struct, frozen=True):
    """The rules in force: what outlives the paid time, and when an unpaid plan ends, if at all."""

    policy: Policy = Policy()
    ending: Ending | None = None


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of the way of a bill; `until` is the time to come that its sentence names.

    The terms and what comes next have no time and no event of their own.
    """

    kind: Kind
    says: str
    at: datetime | None = None
    until: datetime | None = None
    event: Happened | None = None


def steps(
    past: Past, streams: Sequence[str], terms: Terms, about: About, at: datetime
) -> list[Step]:
    """The way of each bill that is asked for; `streams` are all that is its payer's."""
    read = [each for each in streams if category(each) in READ]
    bills = [each for each in read if category(each) == Invoice.CATEGORY]
    acts = past.acts(past.called_for(bills))
    drafts = story(past.events(read), acts, terms, about, at)
    return list(_in_words(past, drafts))


def story(
    events: Sequence[Recorded],
    acts: Sequence[Recorded],
    terms: Terms,
    about: About,
    at: datetime,
) -> list[Draft]:
    """The terms, then for each bill what happened, in order, and what comes next."""
    found: list[Draft] = []
    for trouble in troubles(events, acts, about):
        found += way(trouble)
        coming = to_come(trouble, terms.ending, at)
        found += (Draft("next", each.says, until=each.until) for each in coming)
    return [Draft("terms", in_force(terms)), *found] if found else []


def in_force(terms: Terms) -> str:
    """The rules in a sentence."""
    grace = f"access outlives what was paid for by {terms.policy.grace.days} days of grace"
    if terms.ending is None:
        return f"{grace}; no plan is changed for want of payment"
    own = terms.ending.own_days
    last = "an hour after Stripe's last try"
    by = f"{own} days after the first try that failed, at the latest {last}"
    due = last if own is None else by
    return f"{grace}; a plan whose bill is not paid ends in the starter plan {due}"


def _in_words(past: Past, drafts: Sequence[Draft]) -> Iterator[Step]:
    by = [each.by for each in drafts if each.by is not None]
    words = {
        (each.stream, each.version): each
        for each in [
            *told(past, [each for each in by if not _is_act(each)]),
            *told_acts(past, [each for each in by if _is_act(each)]),
        ]
    }
    for each in drafts:
        event = each.by.event if each.by else None
        happened = words[event.originator_id, event.originator_version] if event else None
        yield Step(each.kind, each.says, each.at, each.until, happened)


def _is_act(each: Recorded) -> bool:
    return category(each.event.originator_id) == Reaction.CATEGORY
