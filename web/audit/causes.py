"""One event and one delivery: what it came of, what came of it, and the bytes that were signed."""

from __future__ import annotations

from flask import Blueprint
from flask import Response as Page
from werkzeug.wrappers import Response

from replay.acts import acts_of
from replay.history import UnknownSubject, delivery_of, received, told, touched
from replay.whose import Whose
from web.access.headers import DATA, with_headers
from web.audit.asked import asked, position
from web.audit.room import Room


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/event`, `/audit/delivery` and `/audit/delivery/body`."""

    @routes.get("/event")
    def event() -> Response:
        looker, at = room.looker(), position("at")
        with room.history() as (past, _):
            found = past.event(at)
            if found is None:
                raise UnknownSubject(f"@{at}", "event at")
            (event,) = told(past, [found])
            rows = touched(past, [found], found.event.cause)
            acts = acts_of(past, [found.event])
        return room.page("event.html", looker, event=event, rows=rows, acts=acts)

    @routes.get("/delivery")
    def delivery() -> Response:
        looker, given = room.looker(), asked("id")
        with room.history() as (past, whose):
            found = received(past, _delivery(whose, given))
        return room.page("delivery.html", looker, delivery=found)

    @routes.get("/delivery/body")
    def body() -> Page:
        """The exact bytes that were signed, as a file: a browser shows and runs nothing of it."""
        _, given = room.looker(), asked("id")
        with room.history() as (past, whose):
            found = delivery_of(past, _delivery(whose, given))
        answer = Page(found.body, 200, mimetype="application/octet-stream")
        answer.headers.set("Content-Disposition", "attachment", filename="body.json")
        return with_headers(answer, DATA)


def _delivery(whose: Whose, given: str) -> str:
    found = whose.delivery(given)
    if found is None:
        raise UnknownSubject(given, "delivery")
    return found
