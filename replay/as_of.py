"""The rows of a table as of a cut through history, as finance would have seen them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ledger.events import encode
from ledger.store.log import Record
from projections.deliveries import DELIVERIES
from projections.engine import Rows
from projections.entitlements import active, reason
from projections.group_registrations import status
from projections.projection import Key, Projection
from projections.registry import PROJECTIONS
from projections.rows import Row
from replay.cut import Cut, Report, rows_at, tables_at
from replay.past import Past
from replay.whose import Whose

TABLES = {each.name: each for each in PROJECTIONS}

Shown = dict[str, Any]
"""A row by column, as finance sees it."""

Asked = Sequence[str]
"""Words that all have to stand in a row; none asks for the whole table."""


def shown_at(
    past: Past,
    whose: Whose,
    projection: Projection,
    cuts: Sequence[Cut],
    asked: Asked,
    report: Report = lambda position: None,
) -> list[dict[Key, Shown]]:
    """The rows finance would have seen as of each cut, by their keys and in the order of these."""
    if asked:
        records = records_about(past, whose, projection, asked[0])
        found = [rows_at(projection, cut, records) for cut in cuts]
    else:
        found = tables_at(past, projection, cuts, report)
    return [shown(projection, rows, cut, asked) for rows, cut in zip(found, cuts, strict=True)]


def records_about(past: Past, whose: Whose, projection: Projection, word: str) -> list[Record]:
    """The events that may touch rows in which a word stands, and hardly any others."""
    if projection is DELIVERIES:
        delivery = whose.delivery(word)
        events = past.of_delivery(delivery) if delivery else []
        return [(each.position, each.event.TOPIC, encode(each.event)) for each in events]
    entries = past.ledger.histories(whose.rows(projection, word))
    return [(position, topic, state) for position, _, _, topic, state in entries]


def shown(projection: Projection, rows: Rows, cut: Cut, asked: Asked = ()) -> dict[Key, Shown]:
    """What finance sees of rows, those with all the words asked for."""
    is_shown, computed = SHOWN[projection.shown], COMPUTED.get(projection.name, {})
    public = [each.name for each in projection.public]
    found: dict[Key, Shown] = {}
    for key in sorted(rows):
        row = rows[key]
        if is_shown(row) and all(_has(projection, row, word) for word in asked):
            found[key] = {name: getattr(row, name) for name in public} | {
                name: compute(row, cut.moment) for name, compute in computed.items()
            }
    return found


def _has(projection: Projection, row: Row, word: str) -> bool:
    names = {"account", "stream", *projection.looked_up_by} & set(row.__struct_fields__)
    return any(getattr(row, name) == word for name in names)


SHOWN: Mapping[str, Callable[[Any], bool]] = {
    "true": lambda row: True,
    "seen": lambda row: bool(row.seen),
    "status IS NOT NULL": lambda row: row.status is not None,
}
"""A projection's SQL condition for the rows finance sees -> the same on a row in memory."""

COMPUTED: Mapping[str, Mapping[str, Callable[[Any, datetime], object]]] = {
    "entitlements": {"active": active, "reason": reason},
    "group_registrations": {"status": status},
}
"""Table -> the columns only its view has, as of a moment."""


class AsOf(msgspec.Struct, frozen=True):
    """The answer to `billing as-of`; `position` None where all of history counts."""

    table: str
    moment: datetime
    position: int | None
    effective: bool
    rows: list[Shown]
