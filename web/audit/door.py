"""How an auditor comes in, with an API key of the scope `audit`, and leaves again."""

from __future__ import annotations

import secrets

from flask import Blueprint, request
from werkzeug.wrappers import Response

from ledger.errors import LedgerError
from web.access.problems import NotAllowed, NotAuthenticated
from web.audit.room import COOKIE, FIELD, PATH, Room
from web.audit.sessions import LIFETIME

DOOR = "billing_audit_door"
DOOR_BYTES = 16
WRONG = "This is no key that opens the audit. It needs the scope audit, and may have ended."


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/in` and `/audit/out`."""

    @routes.get("/in")
    def door() -> Response:
        return _form(room, 200, None)

    @routes.post("/in")
    def come_in() -> Response:
        room.words().check(request.cookies.get(DOOR, ""), request.form.get(FIELD, ""))
        room.limits.count("sign_in", room.address())
        try:
            text = room.opened().open(request.form.get("key", "").strip(), room.clock())
        except (NotAuthenticated, NotAllowed) as error:
            return _form(room, _status(error), WRONG)
        answer = room.go(f"{PATH}/")
        _set(room, answer, COOKIE, text, int(LIFETIME.total_seconds()))
        answer.delete_cookie(DOOR, PATH, secure=room.is_secure(), httponly=True, samesite="Strict")
        return answer

    @routes.post("/out")
    def go_out() -> Response:
        room.sender()
        answer = room.go(f"{PATH}/in")
        answer.delete_cookie(
            COOKIE, PATH, secure=room.is_secure(), httponly=True, samesite="Strict"
        )
        return answer


def _form(room: Room, status: int, problem: str | None) -> Response:
    """The form, with a word only this browser can send back."""
    visit = secrets.token_hex(DOOR_BYTES)
    answer = room.page("door.html", None, status, door=room.field(visit), problem=problem)
    _set(room, answer, DOOR, visit, int(LIFETIME.total_seconds()))
    return answer


def _status(error: LedgerError) -> int:
    return 401 if isinstance(error, NotAuthenticated) else 403


def _set(room: Room, answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path=PATH,
        secure=room.is_secure(),
        httponly=True,
        samesite="Strict",
    )
