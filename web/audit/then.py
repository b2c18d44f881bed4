"""What a customer had at a moment, and a slider through these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, request
from werkzeug.wrappers import Response

from replay.as_of import TABLES, Shown, records_about, shown
from replay.cut import Cut, rows_at
from replay.history import UnknownSubject
from replay.past import Past, Recorded
from replay.whose import Whose
from web.audit.asked import EFFECTIVE, asked, by, cut
from web.audit.room import Room
from web.audit.words import time

SHOWN = {"entitlements": "Entitlements", "balances": "Balance", "invoices": "Invoices"}
"""Table -> how a page calls it."""
MOST_STOPS = 400
"""Where a slider stops: at each change, or, of very many, at some of them evenly."""


class Stop(msgspec.Struct, frozen=True):
    """A place of the slider: what the address says for it, and what a person reads."""

    at: str
    says: str


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/then`, and `/audit/then/rows`, the part of it that moves."""

    @routes.get("/then")
    def then() -> Response:
        looker, who, how = room.looker(), asked("who"), by()
        with room.history() as (past, whose):
            here = cut(past, "at", how, room.clock())
            tables = tables_of(past, whose, who, [here])
            found = _events(past, whose, who)
        return room.page(
            "then.html",
            looker,
            who=who,
            by=how,
            at=request.args.get("at") or "now",
            cut=here,
            tables=tables,
            stops=msgspec.json.encode(stops(found, how)).decode(),
        )

    @routes.get("/then/rows")
    def then_rows() -> Response:
        looker, who, how = room.looker(), asked("who"), by()
        with room.history() as (past, whose):
            here = cut(past, "at", how, room.clock())
            tables = tables_of(past, whose, who, [here])
        return room.page("rows.html", looker, who=who, by=how, cut=here, tables=tables)


def stops(events: Sequence[Recorded], how: str) -> list[Stop]:
    """Where something of a customer changed, in order, and last of all now."""
    if how == EFFECTIVE:
        moments = sorted({each.event.effective_at for each in events})
        found = [Stop(_exact(each), time(each)) for each in moments]
    else:
        found = [
            Stop(f"@{each.position}", f"{time(each.event.recorded_at)} (@{each.position})")
            for each in events
        ]
    step = -(-len(found) // MOST_STOPS) or 1
    return [*found[len(found) % step :: step], Stop("now", "now")]


def _exact(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _events(past: Past, whose: Whose, who: str) -> list[Recorded]:
    """All that happened to them."""
    streams = whose.about(who)
    if not streams:
        raise UnknownSubject(who)
    return past.events(streams)


def tables_of(
    past: Past, whose: Whose, who: str, cuts: Sequence[Cut]
) -> Mapping[str, list[dict[Any, Shown]]]:
    """What finance would have seen of theirs as of each cut, by table."""
    ids = whose.ids(who)
    return {title: _table(past, whose, name, (ids, who), cuts) for name, title in SHOWN.items()}


def _table(
    past: Past, whose: Whose, name: str, asked_for: tuple[set[str], str], cuts: Sequence[Cut]
) -> list[dict[Any, Shown]]:
    (ids, who), table = asked_for, TABLES[name]
    records = records_about(past, whose, table, who)
    found = [shown(table, rows_at(table, each, records), each) for each in cuts]
    return [{key: row for key, row in rows.items() if _is_of(row, ids)} for rows in found]


def _is_of(row: Mapping[str, Any], ids: set[str]) -> bool:
    return any(value in ids for name, value in row.items() if name.endswith("_id"))
