"""What was done in the world because of events, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ledger.event import Event
from ledger.ids import parse_stream
from ledger.reactions import events as reactions
from replay.sentences.words import Sentences, when


class Act(NamedTuple):
    """What is done, as a noun, and how its doing is called: `a receipt for in_7`, `mailed`."""

    what: str
    done: str


MAILS = {
    "receipt": "a receipt for",
    "payment_failed": "a mail about the failed payment of",
    "refund": "a mail about the refund of",
    "dispute": "a mail about dispute",
    "card_expiring": "a mail that a card expires soon, for",
    "credits_bought": "a mail about the credits bought by",
    "credits_low": "a mail about the low balance of",
    "subscription_started": "a mail about the start of",
    "subscription_changed": "a mail about the change of",
    "subscription_cancelled": "a mail about the cancellation of",
    "subscription_ended": "a mail about the end of",
    "will_renew": "a reminder of the renewal of",
    "trial_ending": "a reminder of the end of the trial of",
}
DUNNING = {
    "downgrade": "the change to the starter plan for unpaid",
    "restore": "the return of the plan that was held, for",
}


def mail(name: str, fact: str) -> Act:
    return Act(f"{MAILS.get(name, f'mail {name} for')} {fact}", "mailed")


def webhook(type_: str, fact: str) -> Act:
    """The fact begins with the type, and ends with what tells endpoints apart."""
    about, _, endpoint = fact.removeprefix(f"{type_}:").rpartition(":")
    return Act(f"message {type_} about {about} to endpoint {endpoint}", "delivered")


def dunning(name: str, fact: str) -> Act:
    return Act(f"{DUNNING.get(name, f'{name} for')} {fact}", "made")


FAMILIES: Mapping[str, Callable[[str, str], Act]] = {
    "mail": mail,
    "webhook": webhook,
    "dunning": dunning,
}
"""The part of a kind before its dot -> how an act of it is called."""


def act(event: Event) -> Act:
    """What a reaction does, by its id alone; of a kind nobody knows here its name."""
    kind, _, fact = parse_stream(event.originator_id).key.partition(":")
    family, _, name = kind.partition(".")
    named = FAMILIES.get(family)
    return named(name, fact) if named else Act(f"{kind} for {fact}", "done")


def intended(event: reactions.Intended) -> str:
    what, done = act(event)
    later = f", not before {when(event.due_at)}" if event.due_at > event.recorded_at else ""
    return f"{what} is to be {done}{later}"


def finished(event: reactions.Done) -> str:
    what, done = act(event)
    why = event.without_effect
    return f"{what} was {done}" if why is None else f"{what} was not {done}: {why}"


def failed(event: reactions.Failed) -> str:
    what, done = act(event)
    again = f"the next try is at {when(event.next_try_at)}"
    return f"{what} could not be {done}, try {event.attempt}: {event.error}; {again}"


def parked(event: reactions.Parked) -> str:
    what, done = act(event)
    waits = "it is parked until a person decides"
    return f"{what} could not be {done}, try {event.attempt}: {event.error}; {waits}"


def retried(event: reactions.Retried) -> str:
    what, done = act(event)
    return f"a person wants {what} to be {done} after all"


def dismissed(event: reactions.Dismissed) -> str:
    what, done = act(event)
    return f"{what} is not to be {done} any more"


REACTIONS: Sentences = {
    reactions.Began: lambda e: f"reactions begin after position {e.position} of the ledger",
    reactions.Intended: intended,
    reactions.Done: finished,
    reactions.Failed: failed,
    reactions.Parked: parked,
    reactions.Retried: retried,
    reactions.Dismissed: dismissed,
}
