"""What was to be done because of events, and how it stands: the newest first, by state."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, request
from werkzeug.wrappers import Response

from ledger.reactions.listing import STATUSES, counts, latest
from ledger.store.log import END
from replay.past import Past
from replay.standing import standing
from web.audit.asked import NotAsked, position
from web.audit.room import Room

PAGE_REACTIONS = 50


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/reactions`."""

    @routes.get("/reactions")
    def reactions() -> Response:
        looker, status, before = room.looker(), _status(), position("before")
        with room.history() as (past, whose):
            count = counts(past.reactions) if past.reacts else dict.fromkeys(STATUSES, 0)
            ids = _ids(past, [status] if status else [*STATUSES], before)
            found = standing(past, whose, ids[:PAGE_REACTIONS])
        more = found[-1].last.position if len(ids) > PAGE_REACTIONS else None
        return room.page(
            "reactions.html",
            looker,
            found=found,
            counts=count,
            state=status,
            before=before,
            more=more,
        )


def _status() -> str | None:
    """The state that is asked for; None for all. Raises NotAsked."""
    text = request.args.get("status") or None
    if text is not None and text not in STATUSES:
        raise NotAsked("status", f"one of {', '.join(STATUSES)}")
    return text


def _ids(past: Past, statuses: Sequence[str], before: int) -> list[str]:
    """A page's reactions, and one more if there are more."""
    if not past.reacts:
        return []
    return latest(past.reactions, statuses, PAGE_REACTIONS + 1, before or END)
