"""Search, and the timeline of a customer or an object."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from replay.history import UnknownSubject, told
from replay.past import Past
from replay.whose import Whose
from web.audit.asked import asked, position
from web.audit.room import PATH, Room

PAGE_EVENTS = 100


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/`, `/audit/search` and `/audit/history`."""

    @routes.get("/")
    def home() -> Response:
        return room.page("home.html", room.looker())

    @routes.get("/search")
    def search() -> Response:
        looker, word = room.looker(), asked("q")
        with room.history() as (past, whose):
            users = whose.with_email(word) if "@" in word[1:] else []
            path = _place(past, whose, word) if len(users) != 1 else _to("history", who=users[0])
        if path is not None:
            return room.go(path)
        return room.page("found.html", looker, 200 if users else 404, users=users, word=word)

    @routes.get("/history")
    def history() -> Response:
        looker, who, after = room.looker(), asked("who"), position("after")
        with room.history() as (past, whose):
            streams = whose.about(who)
            found = past.events_after(streams, after, PAGE_EVENTS + 1)
            events = told(past, found[:PAGE_EVENTS])
            owners = [each for each in whose.owners(streams) if each != who]
        if not streams:
            raise UnknownSubject(who)
        more = events[-1].position if len(found) > PAGE_EVENTS else None
        return room.page(
            "history.html", looker, who=who, events=events, more=more, after=after, owners=owners
        )


def _place(past: Past, whose: Whose, word: str) -> str | None:
    """The page of what a word names; None where it names nothing."""
    if word[:1] == "@" and word[1:].isdecimal():
        return _to("event", at=word[1:])
    delivery = whose.delivery(word)
    if delivery:
        return _to("delivery", id=delivery)
    return _to("history", who=word) if whose.about(word) else None


def _to(page: str, **asked: str) -> str:
    account = request.args.get("account", "").strip()
    return f"{PATH}/{page}?{urlencode(asked | ({'account': account} if account else {}))}"
