"""The same lives, told by another API version."""

from datetime import UTC, datetime

import pytest

from web.sandbox import simulate
from web.sandbox.render.fields import ADDED, REWORDED
from web.sandbox.render.places import PLACED
from web.sandbox.render.types import UNSENT
from web.sandbox.render.versions import NEWEST, VERSIONS, as_told_by

START = datetime(2026, 1, 1, tzinfo=UTC)
OLDER = [version for version in VERSIONS if version != NEWEST]
IN_PLACE = [version for version in OLDER if version > "2025-09-30"]
"""Versions that differ from the newest in fields and words only."""


@pytest.mark.parametrize("version", IN_PLACE)
def test_another_version_tells_the_same_facts_with_its_own_fields(version: str) -> None:
    now, then = (simulate(3, 30, START, api_version=each) for each in (NEWEST, version))
    assert [event["id"] for event in now.events] == [event["id"] for event in then.events]
    assert {event["api_version"] for event in then.events} == {version}
    for one, other in zip(now.events, then.events, strict=True):
        assert other["data"]["object"] == as_told_by(version, one["data"]["object"])


def test_a_field_is_unknown_before_it_was_added_also_inside_other_objects() -> None:
    item = {"object": "subscription_item", "id": "si_1", "billed_until": 5}
    subscription = {"object": "subscription", "status_details": None, "items": {"data": [item]}}
    assert as_told_by("2026-03-25.dahlia", subscription) == {
        "object": "subscription",
        "items": {"data": [{"object": "subscription_item", "id": "si_1"}]},
    }


def test_words_that_changed_are_told_in_the_words_of_the_time() -> None:
    session = {"object": "checkout.session", "ui_mode": "hosted_page"}
    assert as_told_by("2025-09-30.clover", session)["ui_mode"] == "hosted"
    assert as_told_by("2026-03-25.dahlia", session)["ui_mode"] == "hosted_page"


def test_every_line_of_the_tables_matters_to_a_version_that_can_be_told() -> None:
    dates = [each.since for table in (ADDED, REWORDED, PLACED) for each in table]
    dates += [since for since, _ in UNSENT]
    assert all(min(VERSIONS) < date < NEWEST for date in dates)


def test_rendering_an_older_version_leaves_the_newest_as_it_was() -> None:
    year = simulate(3, 10, START)
    before = list(year.bodies())
    list(simulate(3, 10, START, api_version=OLDER[0]).bodies())
    assert list(year.bodies()) == before
