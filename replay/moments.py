"""Moments as an auditor types them: a time, a day, a position of the Ledger, a delivery, or now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
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


class HistoricalType(MomentType):
    """The same; `evt_...` is when that delivery was worked off, `before:evt_...` just before."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = _DELIVERY.fullmatch(str(value))
        if found:
            return Delivered(found[2], before=found[1] is not None)
        return super().convert(value, param, ctx)


MOMENT = MomentType()
HISTORICAL = HistoricalType()
