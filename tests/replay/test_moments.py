"""Moments as an auditor types them: one day or time each, in UTC, or refused by a sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from replay.moments import MOMENT, moment

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "is_in_utc"),
    [
        ("2026-03-31", "2026-03-31T23:59:59.999999+00:00"),
        ("2026-03-31T12:00", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31 12:00", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31T12:00:00Z", "2026-03-31T12:00:00+00:00"),
        ("2026-03-31T12:00+02:00", "2026-03-31T10:00:00+00:00"),
        ("2026-03-31T23:00-05:00", "2026-04-01T04:00:00+00:00"),
        ("now", NOW.isoformat()),
    ],
)
def test_a_moment_is_told_in_utc_wherever_it_was_meant(text: str, is_in_utc: str) -> None:
    read = moment(text, NOW)

    assert isinstance(read, datetime)
    assert read.isoformat() == is_in_utc


@pytest.mark.parametrize(
    "text",
    [
        *("20260331", "2026-W14-2", "2026-13-45", "31.03.2026", "03/04/2026"),
        *("2026-03-31T25:00", "0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00", "", "@-1"),
    ],
)
def test_what_is_no_moment_or_may_be_several_is_refused_by_a_sentence(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no moment: 2026-03-31"):
        MOMENT.convert(text, None, None)
