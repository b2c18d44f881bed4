"""Moments as an auditor types them: a time, a day, a position of the Ledger, or now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any

import click

from ledger.assembly import clock

Moment = datetime | int
"""A time (aware), or a position."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_POSITION = re.compile(r"@(\d{1,18})")


class MomentType(click.ParamType[Moment]):
    """`2026-03-31` is the end of that day, `2026-03-31T12:00` a time (UTC unless it says so).

    `@123` is position 123 of the Ledger.
    """

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, datetime | int):
            return value
        try:
            return moment(str(value), clock())
        except ValueError:
            return self.fail(
                f"{value!r} is no moment: 2026-03-31, 2026-03-31T12:00:00Z, @POSITION or now",
                param,
                ctx,
            )


def moment(text: str, now: datetime) -> Moment:
    """What a text names. Raises ValueError."""
    if text == "now":
        return now
    position = _POSITION.fullmatch(text)
    if position:
        return int(position[1])
    read = datetime.fromisoformat(text)
    if _DAY.fullmatch(text):
        end_of_day = time.max
        read = datetime.combine(read, end_of_day)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


MOMENT = MomentType()
