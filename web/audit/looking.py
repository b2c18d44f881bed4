"""Search, and the timeline of a customer or an object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from replay.acts import in_time, is_act, told_acts
from replay.happened import Happened
from replay.history import UnknownSubject, told
from replay.past import Past
from replay.whose import Whose
from web.audit.asked import asked, position
from web.audit.room import PATH, Room

PAGE_EVENTS = 100
LEDGER = "ledger"


class Mark(NamedTuple):
    """How far a timeline was read: the last event of the ledger, and the last act of ours."""

    event: int
    act: int

    def moved(self, shown: Sequence[Happened]) -> Mark:
        """After a page of it."""
        events = [each.position for each in shown if each.log == LEDGER]
        acts = [each.position for each in shown if each.log != LEDGER]
        return Mark(max(events, default=self.event), max(acts, default=self.act))


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
        looker, who = room.looker(), asked("who")
        after = Mark(position("after"), position("acted"))
        with room.history() as (past, whose):
            streams = [] if is_act(who) else whose.about(who)
            reactions = [who] if is_act(who) else past.called_for(streams)
            found = _timeline(past, streams, reactions, after)
            owners = [each for each in whose.owners(streams) if each != who]
        if not (streams or found):
            raise UnknownSubject(who)
        events, more = found[:PAGE_EVENTS], None
        if len(found) > PAGE_EVENTS:
            more = after.moved(events)
        return room.page(
            "history.html", looker, who=who, events=events, more=more, after=after, owners=owners
        )


def _timeline(
    past: Past, streams: Sequence[str], reactions: Sequence[str], after: Mark
) -> list[Happened]:
    """What comes next of both logs, by when it was recorded; at least one more than a page."""
    most = PAGE_EVENTS + 1
    events = told(past, past.events_after(streams, after.event, most))
    acts = told_acts(past, past.acts_after(reactions, after.act, most))
    return in_time(events, acts)


def _place(past: Past, whose: Whose, word: str) -> str | None:
    """The page of what a word names; None where it names nothing."""
    if word[:1] == "@" and word[1:].isdecimal():
        return _to("event", at=word[1:])
    if is_act(word):
        return _to("history", who=word) if past.acts([word]) else None
    delivery = whose.delivery(word)
    if delivery:
        return _to("delivery", id=delivery)
    return _to("history", who=word) if whose.about(word) else None


def _to(page: str, **asked: str) -> str:
    account = request.args.get("account", "").strip()
    return f"{PATH}/{page}?{urlencode(asked | ({'account': account} if account else {}))}"
