"""Whatever somebody with every right edits in stored history, `verify` names the place of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from psycopg import Connection

from ledger.sealing.seal import LOGS
from replay.seals.findings import Finding
from tests.ledger.sealing.given import NAMES
from tests.replay.seals.edits_of_entries import EDITS_OF_ENTRIES
from tests.replay.seals.edits_of_seals import EDITS_OF_SEALS, SEEN_OUTSIDE
from tests.replay.seals.given import findings, sealed_ledger, superuser, verify
from tests.replay.seals.scene import Edit, Place, Scene

EDITS = EDITS_OF_ENTRIES + EDITS_OF_SEALS
EDITS_IN_A_QUARTER = 250
AT_FIRST = {"missing", "inserted", "changed"}


@pytest.fixture
def editor(database_url: str, tmp_path: Path) -> Iterator[Connection[Any]]:
    sealed_ledger(database_url, tmp_path)
    with superuser(database_url) as connection:
        yield connection


def test_nothing_is_found_where_nothing_was_edited(editor: Connection[Any], tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        verdicts = verify(editor, folder)

        assert [each.fits for each in verdicts] == [True] * len(LOGS)
        assert [(each.seals, each.entries) for each in verdicts] == [(5, 26)] * len(LOGS)
        for each in verdicts:
            assert each.unsealed is not None
            assert (each.unsealed.first, each.unsealed.last, each.unsealed.count) == (25, 27, 3)


@pytest.mark.parametrize("quarter", range(4))
def test_the_place_of_every_one_of_a_thousand_edits_is_named(
    editor: Connection[Any], tmp_path: Path, quarter: int
) -> None:
    first = quarter * EDITS_IN_A_QUARTER
    for number in range(first, first + EDITS_IN_A_QUARTER):
        random = Random(number)
        folder = random.choice([None, tmp_path])
        edit = random.choice(EDITS + SEEN_OUTSIDE if folder else EDITS)

        missed = _after(edit, editor, random, folder)

        assert missed is None, f"edit {number}, {edit.__name__}, copies {bool(folder)}: {missed}"


@pytest.mark.parametrize("edit", SEEN_OUTSIDE)
def test_with_the_key_or_without_a_trace_only_copies_outside_show_it(
    edit: Edit, editor: Connection[Any], tmp_path: Path
) -> None:
    for number in range(5):
        with editor.transaction(force_rollback=True):
            edit(Scene(editor, Random(number), "ledger", NAMES.ledger, tmp_path))
            assert findings(verify(editor)) == []
            assert findings(verify(editor, tmp_path))


def _after(
    edit: Edit, editor: Connection[Any], random: Random, folder: Path | None
) -> object | None:
    """What was found instead of the place of an edit, which is taken back."""
    log, full = random.choice(LOGS), random.choice([True, False])
    with editor.transaction(force_rollback=True):
        place = edit(Scene(editor, random, log, NAMES.logs[log], folder))
        found = findings(verify(editor, folder, full=full))
    return None if found and _names(found[0], place, full) else (place, found[:3])


def _names(found: Finding, place: Place, full: bool) -> bool:
    """Where something went from a stretch to another, the first of the two knows no more."""
    as_what = place.problems if full or "moved" not in place.problems else place.problems | AT_FIRST
    return (
        found.log == place.log
        and found.problem in as_what
        and (place.position is None or found.position == place.position)
        and (place.seal is None or found.seal == place.seal)
    )
