"""Tries spread out: later each time, at moments of their own, and always the same ones."""

from __future__ import annotations

from itertools import pairwise

from ledger.reactions.backoff import PAUSES, SPREAD, next_try
from tests.ledger.given import START


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
