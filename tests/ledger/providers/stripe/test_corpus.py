"""Recorded events are read, or refused for a reason anybody understands."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.errors import NotADelivery, Refusal
from tests.corpus import CORPUS
from tests.ledger.providers.stripe.payloads import body, delivery, observe

pytestmark = pytest.mark.skipif(CORPUS is None, reason="STRIPE_CORPUS names no recorded payloads")


PLACEHOLDER = "'currency' is not a currency"  # generated examples have the field's name in it


def recorded() -> Iterator[dict[str, Any]]:
    assert CORPUS is not None
    for file in sorted(CORPUS.rglob("*.jsonl")):
        yield from (json.loads(line)["event"] for line in file.read_text().splitlines())


def test_all_but_a_few_recorded_events_are_read() -> None:
    read, refused = 0, []
    for event in recorded():
        try:
            delivery(event)
            observe(event)
            read += 1
        except (NotADelivery, Refusal) as refusal:
            if PLACEHOLDER not in str(refusal):
                refused.append(str(refusal))

    assert read > 200 * len(refused)
    assert all("missing required field" in reason for reason in refused), refused


def test_a_recorded_event_keeps_its_bytes() -> None:
    for event in recorded():
        if "created" in event:
            assert delivery(event).from_state(delivery(event).to_state()).body == body(event)
