"""Each story, told by six API versions, comes to one fingerprint: all columns of all tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from replay.memory import MemoryLedger
from replay.torture import contrasts
from tests.museum import without
from tests.simulation.in_memory import START, deliveries, kept
from web.sandbox.lives import population
from web.sandbox.lives.stories import STORIES, Story
from web.sandbox.render.versions import VERSIONS
from web.sandbox.year import simulate

UNTOLD_INVOICE: set[tuple[str, str | None]] = {("purchases", "invoice_id")}
"""A payment that did not come: not every version says which invoice it was for."""

NOT_TOLD_BY_ALL: dict[str, set[tuple[str, str | None]]] = {
    "credits.walks_away": {("purchases", None)},  # before 2022-08 an open session has an intent
    "strangers.asked_by_hand": {("paid_invoices", None)},  # is it a sale? versions since 2025 pass
    **dict.fromkeys(
        (
            "troubles.card_fails_for_good",
            "troubles.card_fails_to_unpaid",
            "troubles.never_completed",
            "troubles.paid_by_cheque",
            "troubles.voided",
            "troubles.written_off",
        ),
        UNTOLD_INVOICE,
    ),
}
"""Story -> the table and column (None: whole rows) of which some version says less."""


def told(story: Story, version: str) -> MemoryLedger:
    """What a year of two customers with this one story comes to."""
    with without.instead(population, "STORIES", (story,)):
        return kept([deliveries(simulate(1, 2, START, api_version=version).bodies())])


def differing(one: MemoryLedger, other: MemoryLedger) -> Iterator[tuple[str, str | None]]:
    """The table and column of all that is not the same."""
    for table, _, before, after in contrasts(one.rows, other.rows):
        if table == "deliveries":  # what arrives is no part of a fingerprint
            continue
        if before is None or after is None:
            yield table, None
        else:
            names = before.__struct_fields__
            yield from ((table, n) for n in names if getattr(before, n) != getattr(after, n))


def test_the_versions_are_those_that_were_promised() -> None:
    assert set(VERSIONS) >= {
        *("2020-08-27", "2022-11-15", "2025-03-31.basil", "2025-09-30.clover"),
        *("2026-03-25.dahlia", "2026-10-28.endive"),
    }


def test_what_is_not_told_by_all_is_told_of_stories_there_are() -> None:
    assert set(NOT_TOLD_BY_ALL) < {each.name for each in STORIES}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_has_one_fingerprint_in_all_versions(story: Story) -> None:
    newest, *older = (told(story, version) for version in sorted(VERSIONS, reverse=True))

    assert {each for one in older for each in differing(newest, one)} == (
        NOT_TOLD_BY_ALL.get(story.name, set())
    )
    if story.name not in NOT_TOLD_BY_ALL:
        assert {each.fingerprint for each in older} == {newest.fingerprint}
