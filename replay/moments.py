"""Moments as an auditor types them: a time, a day, a position of the Ledger, a delivery, or now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

import click
import msgspec

from ledger.assembly import clock

Moment = datetime | int
"""A time (aware), or a position."""


class Delivered(msgspec.Struct, frozen=True):
    """The moment a delivery was worked off, or the one just before."""

    delivery: str
    before: bool = False


_DELIVERY = re.compile(r"(before:)?(evt_\w+)")
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
        except (ValueError, OverflowError):
            return self.fail(
                f"{value!r} is no moment: 2026-03-31, 2026-03-31T12:00:00Z, @POSITION or now",
                param,
                ctx,
            )


def moment(text: str, now: datetime) -> Moment:
    """What a text names, times in UTC. Raises ValueError or, beyond the calendar, OverflowError."""
    if text == "now":
        return now
    position = _POSITION.fullmatch(text)
    if position:
        return int(position[1])
    if _DAY.fullmatch(text):
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    if not _DAY.match(text):  # 20260331 and 2026-W14-2 would be read as the beginning of that day
        raise ValueError(text)
    read = datetime.fromisoformat(text)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


class HistoricalType(MomentType):
    """The same; `evt_...` is when that delivery was worked off, `before:evt_...` just before."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = _DELIVERY.fullmatch(str(value))
        if found:
            return Delivered(found[2], before=found[1] is not None)
        return super().convert(value, param, ctx)


MOMENT = MomentType()
HISTORICAL = HistoricalType()
