"""The deliveries that are refused, the newest first, with the reason."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from replay.refusals import refusals
from web.audit.asked import position
from web.audit.room import Room

PAGE_DELIVERIES = 50


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/refused`."""

    @routes.get("/refused")
    def refused() -> Response:
        looker, start = room.looker(), position("from")
        with room.history() as (past, whose):
            ids = whose.refused()
            found = refusals(past, ids[start : start + PAGE_DELIVERIES])
        after = start + PAGE_DELIVERIES
        more = after if after < len(ids) else None
        return room.page("refused.html", looker, found=found, count=len(ids), more=more)
