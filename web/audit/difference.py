"""What came, went and changed of a customer's between two moments."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from replay.diff import Diff, diff
from web.audit.asked import asked, by, cut
from web.audit.room import Room
from web.audit.then import tables_of


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/difference`."""

    @routes.get("/difference")
    def difference() -> Response:
        looker, who, how = room.looker(), asked("who"), by()
        with room.history() as (past, whose):
            cuts = [cut(past, name, how, room.clock()) for name in ("before", "after")]
            tables = tables_of(past, whose, who, cuts)
        diffs: dict[str, Diff] = {
            title: diff(title, before, after) for title, (before, after) in tables.items()
        }
        return room.page(
            "difference.html",
            looker,
            who=who,
            by=how,
            cuts=cuts,
            diffs=diffs,
            before=request.args.get("before") or "now",
            after=request.args.get("after") or "now",
        )
