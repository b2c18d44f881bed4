"""What the stand-in answers about subscriptions has the fields of recorded objects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.corpus import CORPUS
from tests.web.sandbox.api.conftest import Sandbox
from tests.web.sandbox.api.subscribers import Subscriber, subscriber
from tests.web.sandbox.test_corpus_fields import NEVER_IN_EVENTS, Fields, collect
from web.sandbox.truth.timeline import NEWEST

pytestmark = pytest.mark.skipif(CORPUS is None, reason="STRIPE_CORPUS names no recorded payloads")


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def test_answers_have_exactly_the_fields_of_the_recorded_events(ada: Subscriber) -> None:
    ours, theirs = answered(ada, "2025-09-30.clover"), recorded("streams/*.jsonl")

    found = ours.keys() & theirs.keys()
    assert found >= {"invoice", "line_item", "invoice_payment"}
    assert {kind: ours[kind] for kind in found} == {kind: theirs[kind] for kind in found}


def test_answers_have_every_field_of_stripes_own_examples(ada: Subscriber) -> None:
    ours = answered(ada, NEWEST)
    theirs = recorded("events/stripe__openapi-synthetic.jsonl")

    found = ours.keys() & theirs.keys()
    assert found >= {"invoice", "plan", "subscription", "subscription_item"}
    missing = {(kind, field) for kind in found for field in theirs[kind] - ours[kind]}
    assert missing <= NEVER_IN_EVENTS


def answered(ada: Subscriber, version: str) -> Fields:
    """The fields of what lists answer, by kind of object."""
    ada.card()
    ada.subscribes("basic")
    found: Fields = {}
    for path in ("subscriptions", "invoices", "invoice_payments", "prices"):
        told = ada.client.raw_request("get", f"/v1/{path}", stripe_version=version)
        collect(told.data, found)
    return found


def recorded(pattern: str) -> Fields:
    found: Fields = {}
    for path in sorted(Path(CORPUS or "").glob(pattern)):
        for line in path.read_text().splitlines():
            collect(json.loads(line)["event"]["data"]["object"], found)
    return found
