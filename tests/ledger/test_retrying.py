"""A refused delivery is worked off again, once it can be, and no other ever is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

import pytest

from ledger.application import Ledger
from ledger.bookkeeper import stored_streams
from ledger.books import Books, Load
from ledger.clerk import Clerk, Rules
from ledger.delivery import Delivery
from ledger.errors import NotRefused
from ledger.event import Event
from ledger.observations import Observed
from ledger.policy import Policy
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from ledger.retrying import Attempt, attempt, retry
from ledger.store.log import LogReader
from ledger.store.names import Names
from replay.memory import MemoryLedger
from tests.ledger.given import day
from tests.ledger.providers.stripe.objects import payment_intent
from tests.ledger.providers.stripe.payloads import delivery, event

PAID = delivery(
    event(
        "payment_intent.succeeded",
        payment_intent(amount_received=1000, metadata={"user_id": "ann", "credits": "50"}),
    )
)


class Broken:
    """An observer with a fault that today's code no longer has."""

    def observe(self, told: Delivery) -> Observed:
        raise ValueError(told.envelope.type)


YESTERDAY = Rules({"stripe": Broken()}, Policy(), livemode=False)
TODAY = Rules({"stripe": StripeObserver(READERS)}, Policy(), livemode=False)


@pytest.fixture
def refused() -> MemoryLedger:
    """A ledger that has refused one delivery."""
    ledger = MemoryLedger(YESTERDAY)
    ledger.keep([PAID], day(1))
    assert ledger.outcomes == {"refused": 1}
    return ledger


def kinds(found: Attempt) -> list[str]:
    return [each.TOPIC for each in found.events]


def test_a_retry_says_what_became_of_it_with_all_that_follows(refused: MemoryLedger) -> None:
    found = attempt(refused.load, TODAY, PAID, day(2))

    assert found.entry.outcome == "applied"
    assert kinds(found)[-1] == "Delivery.Retried"
    assert "CreditWallet.Granted" in kinds(found)
    assert {each.cause for each in found.events[:-1]} == {PAID.originator_id}


def test_a_retry_that_is_refused_again_leaves_it_refused(refused: MemoryLedger) -> None:
    found = attempt(refused.load, YESTERDAY, PAID, day(2))

    assert kinds(found) == ["Delivery.Refused", "Delivery.Retried"]
    refused.append(found.events)
    assert attempt(refused.load, TODAY, PAID, day(3)).entry.outcome == "applied"


def test_what_was_applied_is_not_tried_again(refused: MemoryLedger) -> None:
    refused.append(attempt(refused.load, TODAY, PAID, day(2)).events)

    with pytest.raises(NotRefused):
        attempt(refused.load, TODAY, PAID, day(3))


def test_what_was_never_refused_is_not_tried_again() -> None:
    with pytest.raises(NotRefused):
        attempt(MemoryLedger(TODAY).load, TODAY, PAID, day(2))


def test_who_loses_the_race_for_a_stream_does_it_anew(database_url: str) -> None:
    names = Names()
    with (
        Ledger(database_url, names, pool_size=1) as ledger,
        closing(LogReader(database_url, names.ledger)) as log,
    ):
        load = stored_streams(log)
        ledger.append(_refusal(load))
        other = [attempt(load, YESTERDAY, PAID, day(2)).events]

        def racing(streams: Sequence[str]) -> Mapping[str, Sequence[Event]]:
            loaded = load(streams)
            if other:
                ledger.append(other.pop())
            return loaded

        found = retry(ledger, racing, TODAY, PAID, lambda: day(3))

        assert found.entry.outcome == "applied"
        stream = found.events[-1].originator_id
        assert [each.TOPIC for each in load([stream])[stream]] == [
            *("Delivery.Refused", "Delivery.Refused", "Delivery.Retried", "Delivery.Retried"),
        ]


def _refusal(load: Load) -> list[Event]:
    books = Books(load)
    Clerk(books, YESTERDAY).keep([PAID], day(1))
    return books.collect_events()
