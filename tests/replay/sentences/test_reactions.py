"""What was done in the world is told in words that say what it is about, and how it ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.event import Cause
from ledger.reactions.events import (
    Began,
    Dismissed,
    Done,
    Failed,
    Intended,
    Parked,
    Retried,
)
from ledger.reactions.table import EFFECTS
from replay.sentences import sentence
from replay.sentences.reactions import act
from tests.ledger.given import START

MAIL, CALL = (
    "mail.receipt:in_7",
    "webhook.balance.changed:balance.changed:credit_wallet:ann:3::ab12",
)
AT = Cause("executor", START, START)
LATER = START + timedelta(days=1)
AFTER = "2026-09-02 12:00:00"


def of(event: object, key: str = MAIL) -> str:
    assert hasattr(event, "stamped")
    return sentence(event.stamped(f"reaction/stripe/live//{key}", 1, AT))


def intended(kind: str = "mail.receipt", due_at: object = START) -> Intended:
    return Intended(kind=kind, due_at=due_at, because="invoice/x#3", position=9, data={})  # type: ignore[arg-type]  # a time


def test_a_mail_is_told_from_its_beginning_to_its_end() -> None:
    told = [
        of(intended()),
        of(intended(due_at=LATER)),
        of(Failed(attempt=1, error="no answer", next_try_at=LATER)),
        of(Parked(attempt=8, error="no answer")),
        of(Retried()),
        of(Done()),
        of(Done(without_effect="nobody has an address")),
        of(Dismissed()),
        of(Began(position=7)),
    ]

    assert told == [
        "a receipt for in_7 is to be mailed",
        f"a receipt for in_7 is to be mailed, not before {AFTER}",
        f"a receipt for in_7 could not be mailed, try 1: no answer; the next try is at {AFTER}",
        "a receipt for in_7 could not be mailed, try 8: no answer;"
        " it is parked until a person decides",
        "a person wants a receipt for in_7 to be mailed after all",
        "a receipt for in_7 was mailed",
        "a receipt for in_7 was not mailed: nobody has an address",
        "a receipt for in_7 is not to be mailed any more",
        "reactions begin after position 7 of the ledger",
    ]


def test_calls_and_changes_of_plans_are_told_too() -> None:
    call = "message balance.changed about credit_wallet:ann:3: to endpoint ab12 was delivered"
    assert of(Done(), CALL) == call
    assert of(Done(), "dunning.downgrade:in_7") == (
        "the change to the starter plan for unpaid in_7 was made"
    )
    assert of(Done(), "pigeon:in_7") == "pigeon for in_7 was done"


@pytest.mark.parametrize("kind", sorted(EFFECTS))
def test_every_kind_of_effect_has_words_of_its_own(kind: str) -> None:
    event = intended(kind).stamped(f"reaction/stripe/live//{kind}:in_7:x", 1, AT)

    what, done = act(event)

    assert done != "done"
    assert not what.startswith(kind)
    assert not what.startswith(("mail ", kind.partition(".")[2]))
