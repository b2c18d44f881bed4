"""All pages of the audit as one blueprint; what goes wrong is told in a page too."""

from __future__ import annotations

import logging

import psycopg
from eventsourcing.persistence import PersistenceError
from flask import Blueprint, request
from werkzeug.exceptions import InternalServerError
from werkzeug.wrappers import Response

from ledger.errors import LedgerError
from replay.history import UnknownSubject
from web.access.problems import NotAuthenticated, TooManyRequests
from web.audit import causes, difference, door, looking, reactions, refused, seals, then
from web.audit.asked import NotAsked
from web.audit.room import PATH, Room
from web.problems import HEADERS, status_of

FAMILIES = (door, looking, causes, then, difference, seals, refused, reactions)
"""Each registers its own addresses."""

STATUS: dict[type[Exception], int] = {
    UnknownSubject: 404,
    NotAsked: 422,
    seals.VerifyByHand: 503,
    seals.VerifiesAlready: 503,
    psycopg.Error: 503,
}
"""Error -> status, of those that only these pages know."""

LATER = "The history cannot be read now. Come again in a minute."

_log = logging.getLogger(__name__)


def blueprint(room: Room) -> Blueprint:
    """Every page for auditors, and what the pages load."""
    routes = Blueprint(
        "audit",
        __name__,
        url_prefix=PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/files",
    )
    for family in FAMILIES:
        family.register(routes, room)

    def told(error: Exception) -> Response:
        return _trouble(room, error)

    for kind in (LedgerError, PersistenceError, psycopg.Error, InternalServerError):
        routes.register_error_handler(kind, told)
    return routes


def _trouble(room: Room, error: Exception) -> Response:
    if isinstance(error, NotAuthenticated) and request.method == "GET":
        return room.go(f"{PATH}/in")
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
    status = status or status_of(error)
    if status >= 500:
        _log.warning("answered %s: %s", status, error)
    says = str(error) if isinstance(error, LedgerError) else LATER
    answer = room.page("trouble.html", None, status, says=says)
    headers = HEADERS[TooManyRequests](error) if isinstance(error, TooManyRequests) else {}
    answer.headers.update(headers)
    return answer
