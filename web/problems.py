"""Errors meet HTTP in one table, and are told as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from eventsourcing.persistence import PersistenceError
from flask import Flask, Response, json
from werkzeug.exceptions import HTTPException

from ledger.errors import NotADelivery, NotVerified

STATUS: dict[type[Exception], int] = {
    NotVerified: 400,
    NotADelivery: 400,
    PersistenceError: 503,  # the provider will try again
}
"""Error -> status. Everything else is a bug and answered 500."""

RETRY_AFTER_SECONDS = "5"

_log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answers every error by the table, and Flask's own (404, 405, 413) alike."""
    for error, status in STATUS.items():
        app.register_error_handler(error, _answer(status))
    app.register_error_handler(HTTPException, _http)


def problem(status: int, title: str, detail: str) -> Response:
    """A problem document."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    response = Response(body, status, mimetype="application/problem+json")
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _answer(status: int) -> Callable[[Exception], Response]:
    def answer(error: Exception) -> Response:
        detail = str(error)
        if status == 503:  # what a database says of itself is for the log, not for the caller
            _log.warning("answered 503: %s", detail)
            detail = "the store cannot take it now"
        return problem(status, type(error).__name__, detail)

    return answer


def _http(error: HTTPException) -> Response:
    response = problem(error.code or 500, error.name, error.description or error.name)
    others = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    response.headers.extend(others)  # 405 has to say what is allowed
    return response
