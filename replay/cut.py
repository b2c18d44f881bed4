"""A cut through history: how much of it counts for a question about the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from ledger.errors import LedgerError
from ledger.event import EPOCH
from ledger.store.log import END, Record
from projections.ahead import ahead
from projections.engine import PAGE_RECORDS, Folding, Rows
from projections.projection import Projection
from replay.past import Past, recorded

GAP = 2_000
"""Positions that may be missing in a row, after appends that were rolled back."""

Report = Callable[[int], None]
"""Told the position that is reached."""


class Cut(msgspec.Struct, frozen=True):
    """History up to `position`; of that, with `effective_by`, only what took effect by then.

    `moment` is the time that what depends on a clock, such as `active`, is asked for.
    """

    moment: datetime
    position: int = END
    effective_by: datetime | None = None

    def fold(self, folding: Folding, page: Sequence[Record]) -> None:
        """Fold what of a page is on this side of the cut."""
        within = [each for each in page if each[0] <= self.position]
        if self.effective_by is None:
            folding.fold(within)
        else:
            folding.fold_effective_by(within, self.effective_by)


class NotWorkedOff(LedgerError):
    def __init__(self, delivery_id: str) -> None:
        super().__init__(f"{delivery_id} was not worked off yet")


def known_at(past: Past, moment: datetime) -> Cut:
    """The history we had at a moment."""
    return Cut(moment, past.position_at(moment))


def effective_at(_: Past, moment: datetime) -> Cut:
    """Of all we know now, what took effect by a moment."""
    return Cut(moment, effective_by=moment)


def known_by(past: Past, position: int) -> Cut:
    """The history up to a position; its moment is when the last event of that was recorded.

    A position that is not reached yet stands for all there is.
    """
    position = min(position, past.ledger.head())
    before = past.ledger.entries(max(0, position - GAP), GAP, position)
    moment = recorded(before[-1]).event.recorded_at if before else EPOCH
    return Cut(moment, position)


def known_with(past: Past, delivery_id: str, before: bool) -> Cut:
    """The history up to the last event that a delivery caused, or to just before the first.

    Raises NotWorkedOff.
    """
    found = past.of_delivery(delivery_id)
    if not found:
        raise NotWorkedOff(delivery_id)
    caused = [each for each in found if each.event.cause == delivery_id] or found
    return known_by(past, caused[0].position - 1 if before else caused[-1].position)


def tables_at(
    past: Past,
    projection: Projection,
    cuts: Sequence[Cut],
    report: Report = lambda position: None,
) -> list[Rows]:
    """All rows of a table as of each of some cuts; reads as much of history as that takes, once."""
    foldings = [Folding([projection]) for _ in cuts]
    end = max(each.position for each in cuts)
    for page in ahead(past.ledger.pages(0, PAGE_RECORDS, end)):
        for each, folding in zip(cuts, foldings, strict=True):
            each.fold(folding, page)
        report(page[-1][0])
    return [each.rows[projection.name] for each in foldings]


def rows_at(projection: Projection, cut: Cut, records: Sequence[Record]) -> Rows:
    """The rows a few records come to as of a cut."""
    folding = Folding([projection])
    cut.fold(folding, records)
    return folding.rows[projection.name]
