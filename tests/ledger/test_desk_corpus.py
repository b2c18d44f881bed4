"""Recorded scenarios, all of one second, end alike whatever the order of arrival."""

import json
import random
from pathlib import Path

import pytest

from ledger.policy import Policy
from tests.corpus import CORPUS
from tests.ledger.stories import tell, told

STREAMS = sorted((CORPUS / "streams").glob("*.jsonl")) if CORPUS else []


@pytest.mark.skipif(not STREAMS, reason="STRIPE_CORPUS names no recorded payloads")
@pytest.mark.parametrize("file", STREAMS, ids=lambda file: file.stem[:40])
def test_a_recorded_scenario_ends_alike_in_any_order(file: Path) -> None:
    events = [told(json.loads(line)["event"]) for line in file.read_text().splitlines()]
    ending = tell(events, Policy())

    shuffler = random.Random(file.stem)
    for _ in range(5):
        shuffler.shuffle(events)
        assert tell(events, Policy()).effects == ending.effects
