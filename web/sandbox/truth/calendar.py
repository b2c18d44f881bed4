"""Billing periods, days to years, counted from an anchor, as Stripe counts them."""

from calendar import monthrange
from datetime import UTC, datetime
from itertools import count

MINUTE, HOUR, DAY = 60, 3600, 86400
MONTHS = {"month": 1, "year": 12}
SECONDS = {"day": DAY, "week": 7 * DAY}
INTERVALS = (*SECONDS, *MONTHS)


def next_boundary(anchor: int, interval: str, after: int) -> int:
    """The first moment later than `after` that is whole intervals away from `anchor`."""
    if interval in SECONDS:
        step = SECONDS[interval]
        return after + step - (after - anchor) % step
    step = MONTHS[interval]
    return next(end for n in count(1) if (end := _months_on(anchor, n * step)) > after)


def _months_on(anchor: int, months: int) -> int:
    """The same day `months` later, or the last day of a month that has no such day."""
    start = datetime.fromtimestamp(anchor, UTC)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())
