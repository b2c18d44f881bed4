"""Recorded events through endpoint and bookkeeper: never a 500, and every refusal says why."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ledger import assembly
from ledger.aggregates.bookkeeping import BatchKept, Entry
from ledger.application import Inbox
from ledger.events import decode
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.providers.stripe.signature import HEADER, header
from ledger.settings import Settings
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.corpus import CORPUS
from tests.web.conftest import PATH, SECRET, THEN
from web.app import create_app

pytestmark = pytest.mark.skipif(CORPUS is None, reason="STRIPE_CORPUS names no recorded payloads")


@pytest.fixture
def client(inbox: Inbox) -> FlaskClient:
    """The endpoint with room for everything that was recorded."""
    now = datetime.fromtimestamp(THEN, UTC)
    return create_app(inbox, StripeReceiver([SECRET]), lambda: now, 2**20, PATH).test_client()


def recorded(folder: Path) -> Iterator[bytes]:
    """The events of all files, each once, as bytes."""
    for file in sorted(folder.rglob("*.jsonl")):
        for line in file.read_text().splitlines():
            yield json.dumps(json.loads(line)["event"]).encode()


def entries(url: str) -> list[Entry]:
    """What became of each delivery that was worked off."""
    reader = LogReader(url, Names.ledger)
    events = [decode(topic, state) for page in reader.pages(0) for _, topic, state in page]
    reader.close()
    return [entry for event in events if isinstance(event, BatchKept) for entry in event.entries]


def test_recorded_events_are_all_answered_and_worked_off(
    client: FlaskClient, database_url: str
) -> None:
    assert CORPUS is not None
    answers: Counter[int] = Counter()
    for raw in recorded(CORPUS):
        response = client.post(PATH, data=raw, headers={HEADER: header(raw, SECRET, THEN)})
        answers[response.status_code] += 1

    bookkeeper = assembly.bookkeeper(Settings.from_environment({}), database_url)
    done = bookkeeper.run_until_idle()
    bookkeeper.close()

    assert set(answers) <= {200, 400}
    assert answers[200] > 200 * answers[400]
    told = entries(database_url)
    assert len(told) == done > 0
    outcomes = Counter(entry.outcome for entry in told)
    assert outcomes["refused"] < 0.02 * done, outcomes
    for entry in told:
        if entry.outcome == "refused":
            assert entry.type in str(entry.reason) or " is " in str(entry.reason), entry
            assert "failed with" not in str(entry.reason), entry
