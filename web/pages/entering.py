"""How a visitor comes in, with a token the application asked for, and leaves again."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import Blueprint, request
from werkzeug.wrappers import Response

from web.pages.desk import COOKIE, Desk

REST = r"[^\\\x00-\x20\x7f]*"
OURS = re.compile(rf"/(checkout|account|payments|subscriptions|credits)(/{REST})?(\?{REST})?")
HOME = "/account"


def register(routes: Blueprint, desk: Desk) -> None:
    """`/enter?token=...&next=/checkout/...` and `/leave`."""

    @routes.get("/enter")
    def enter() -> Response:
        token = request.args.get("token", "")
        visitor = desk.admitted(token)
        answer = desk.go(own_path(request.args.get("next", HOME)))
        answer.set_cookie(
            COOKIE,
            token,
            max_age=int((visitor.bearer.expires_at - desk.now()).total_seconds()),
            secure=desk.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return answer

    @routes.post("/leave")
    def leave() -> Response:
        desk.sender()
        answer = desk.page("left.html", None)
        answer.delete_cookie(COOKIE, secure=desk.is_secure(), httponly=True, samesite="Lax")
        return answer


def own_path(given: str) -> str:
    """The path if it is one of these pages', else the account: nobody is sent elsewhere."""
    climbs = {".", ".."} & set(unquote(given.partition("?")[0]).split("/"))
    return given if OURS.fullmatch(given) and not climbs else HOME
