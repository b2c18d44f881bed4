"""Every kind of event is told as a sentence that names what it is about."""

from __future__ import annotations

import pytest

from ledger.event import Event
from ledger.events import EVENTS, decode
from ledger.reactions.events import EVENTS as REACTIONS
from replay.sentences import SENTENCES, sentence
from tests.ledger.test_events import STORED, stored

OF_NO_STREAM = (
    *("Mailbox.", "CreditWallet.", "ApiKey.", "Bookkeeping.", "Delivery."),
    *("StarterPlan.", "Shopper."),
)


def example(topic: str) -> Event:
    return decode(topic, stored(topic))


def test_every_kind_of_event_has_a_sentence() -> None:
    assert {event.TOPIC for event in SENTENCES} == {*EVENTS, *(each.TOPIC for each in REACTIONS)}


@pytest.mark.parametrize("topic", sorted(STORED))
def test_a_sentence_is_one_line_and_names_what_it_is_about(topic: str) -> None:
    told = sentence(example(topic))

    assert told
    assert "\n" not in told
    assert "None" not in told
    assert topic.startswith(OF_NO_STREAM) or " 1" in told


def test_some_sentences_in_full() -> None:
    assert {topic: sentence(example(topic)) for topic in SOME} == SOME


SOME = {
    "Purchase.Paid": "the intent of payment 1 reports 10.00 USD received;"
    " that makes 10.00 USD since 2026-09-01 12:00:00",
    "Purchase.RefundReported": "10.00 USD of payment 1 went back (refund re_1);"
    " 10.00 USD is refunded in all",
    "Purchase.Entitled": "payment 1 gives ann group:3 since 2026-09-01 12:00:00, for good",
    "Subscription.Entitled": "subscription 1 gives ann group:3 since 2026-09-01 12:00:00,"
    " for good, and plan:pro no longer",
    "Invoice.Paid": "invoice 1 is paid: 10.00 USD at 2026-09-01 12:00:00",
    "CreditWallet.Spent": "1 spent 5 credits for job-1; 50 are left",
    "Bookkeeping.BatchKept": "deliveries were worked off up to position 7: 1 applied",
    "PaymentMethod.Reported": "payment method 1 is a visa card 4242;"
    " attached since 2026-09-01 12:00:00",
    "Delivery.Retried": "t evt_1 was worked off again: applied",
}
