"""Tries spread out: later each time, at moments of their own, and always the same ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from ledger.reactions.backoff import PAUSES, SPREAD, asked_for, next_try
from tests.ledger.given import START, day


def test_each_pause_is_longer_and_none_is_twice_the_same() -> None:
    ids = [f"reaction/{number}" for number in range(200)]

    for number, pause in enumerate(PAUSES, 1):
        tries = {next_try(id_, number, START) for id_ in ids}
        seconds = [(each - START) / pause for each in tries if each]
        assert len(seconds) == len(ids)
        assert 1 - SPREAD <= min(seconds) < 0.9
        assert 1.1 < max(seconds) <= 1 + SPREAD
    assert all(shorter * 1.5 < longer for shorter, longer in pairwise(PAUSES))


def test_a_try_is_due_at_the_same_moment_whoever_asks_and_the_last_has_none_after_it() -> None:
    assert next_try("reaction/1", 1, START) == next_try("reaction/1", 1, START)
    assert next_try("reaction/1", len(PAUSES), START)
    assert next_try("reaction/1", len(PAUSES) + 1, START) is None


def test_a_try_is_never_earlier_than_was_asked_for_nor_later_than_by_a_day() -> None:
    usual = next_try("reaction/1", 2, START)
    later = START + timedelta(hours=5)

    assert next_try("reaction/1", 2, START, START + timedelta(seconds=1)) == usual
    assert next_try("reaction/1", 2, START, day(-3)) == usual
    assert next_try("reaction/1", 2, START, later) == later
    assert next_try("reaction/1", 2, START, day(300)) == day(1)
    assert next_try("reaction/1", len(PAUSES) + 1, START, later) is None


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("120", START + timedelta(minutes=2)),
        ("0", START),
        ("Tue, 01 Sep 2026 14:30:00 GMT", START + timedelta(hours=2.5)),
        ("Tuesday, 01-Sep-26 14:30:00 GMT", START + timedelta(hours=2.5)),
        ("Tue Sep  1 14:30:00 2026", START + timedelta(hours=2.5)),
        *dict.fromkeys(
            (None, "", "soon", "-5", "1.5", "1, 2", "²", "9" * 30, "Tue, 41 Sep 2026 14:30:00 GMT")
        ).items(),
    ],
)
def test_seconds_and_dates_are_understood_and_nonsense_is_ignored(
    header: str | None, asked: datetime | None
) -> None:
    assert asked_for(header, START) == asked
