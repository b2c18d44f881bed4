"""What came, went and changed of a customer's between two moments."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, request
from werkzeug.wrappers import Response

from replay.diff import Diff, diff
from replay.history import UnknownSubject
from web.audit.asked import asked, by, cut
from web.audit.room import Room
from web.audit.then import tables_of

LATELY = timedelta(days=30)
"""What is compared with now unless something else is asked for."""


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/difference`."""

    @routes.get("/difference")
    def difference() -> Response:
        looker, who, how, now = room.looker(), asked("who"), by(), room.clock()
        lately = f"{now - LATELY:%Y-%m-%d}"
        with room.history() as (past, whose):
            cuts = [cut(past, "before", how, now, lately), cut(past, "after", how, now)]
            if not whose.about(who):
                raise UnknownSubject(who)
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
            before=request.args.get("before") or lately,
            after=request.args.get("after") or "now",
        )
