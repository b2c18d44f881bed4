"""Rendered objects have the fields of recorded ones, where recordings are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS
from web.sandbox import Year, simulate

RECORDED = "streams/*.jsonl"
SYNTHETIC = "events/stripe__openapi-synthetic.jsonl"
NEVER_IN_EVENTS = {
    ("charge", "refunds"),  # not included since 2022-11-15
    ("invoice", "subscription"),  # moved to parent in 2025-03-31
    ("line_item", "subscription"),  # the same
    ("refund", "livemode"),  # in Stripe's example only, not in its library
}
OLD = "2020-08-27"
OLDER_STILL = {  # gone from later versions' examples, and read by nobody
    ("checkout.session", "shipping_rate"),
    ("dispute", "balance_transaction"),
    ("invoice", "rendering_options"),
    ("plan", "aggregate_usage"),
    ("product", "attributes"),
}
Fields = dict[str, set[str]]

pytestmark = pytest.mark.skipif(CORPUS is None, reason="STRIPE_CORPUS names no recorded payloads")


@pytest.mark.parametrize("recordings", [RECORDED, SYNTHETIC])
def test_every_rendered_object_has_the_fields_of_the_recorded_ones(
    recordings: str, year: Year
) -> None:
    ours = fields(year.events)
    theirs = fields(recorded(recordings))
    assert ours.keys() & theirs.keys() >= {"charge", "customer", "invoice", "payment_intent"}
    missing = {
        (kind, field) for kind in ours.keys() & theirs.keys() for field in theirs[kind] - ours[kind]
    }
    assert missing <= NEVER_IN_EVENTS


def test_the_version_of_the_recordings_is_told_with_exactly_their_fields() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    told = simulate(seed=7, customers=60, start=start, api_version="2025-09-30.clover")
    ours, theirs = fields(told.events), fields(recorded(RECORDED))
    assert len(theirs) > 7
    assert theirs.keys() <= ours.keys()
    for kind in theirs:
        assert ours[kind] == theirs[kind], kind


def test_an_old_version_has_the_fields_of_its_recordings() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ours = fields(simulate(7, 60, start, api_version=OLD).rendered())
    theirs = fields(each for each in recorded("events/*.jsonl") if each.get("api_version") == OLD)
    assert ours.keys() & theirs.keys() >= {"charge", "customer", "invoice", "payment_intent"}
    missing = {
        (kind, field) for kind in ours.keys() & theirs.keys() for field in theirs[kind] - ours[kind]
    }
    assert missing == OLDER_STILL


def test_envelopes_have_the_fields_of_the_recorded_ones(year: Year) -> None:
    theirs = {key for event in recorded(RECORDED) for key in event}
    assert theirs <= set(year.events[0])


def recorded(pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(Path(CORPUS or "").glob(pattern)):
        for line in path.read_text().splitlines():
            yield json.loads(line)["event"]


def fields(events: Iterable[dict[str, Any]]) -> Fields:
    """Keys by kind of object, objects within objects included."""
    found: Fields = {}
    for event in events:
        collect(event["data"]["object"], found)
    return found


def collect(value: Any, found: Fields) -> None:
    if isinstance(value, list):
        for each in value:
            collect(each, found)
    elif isinstance(value, dict):
        if isinstance(value.get("object"), str):
            found.setdefault(value["object"], set()).update(value)
        for each in value.values():
            collect(each, found)
