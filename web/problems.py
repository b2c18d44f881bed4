"""Errors meet HTTP in one table, and are told as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from eventsourcing.persistence import PersistenceError
from flask import Flask, Response
from psycopg.errors import UndefinedTable
from werkzeug.exceptions import HTTPException

from ledger.checkout import refusals
from ledger.errors import (
    Contended,
    InsufficientCredits,
    KeyReused,
    NotADelivery,
    NotVerified,
    Refusal,
    UnknownPayment,
)
from ledger.providers import problems as providers
from web.access import problems as access
from web.api import reading

STATUS: dict[type[Exception], int] = {
    NotVerified: 400,
    NotADelivery: 400,
    reading.NotJson: 400,
    access.NotAuthenticated: 401,
    providers.CardDeclined: 402,
    refusals.CardNeeded: 402,
    refusals.BillUnpaid: 402,
    access.NotAllowed: 403,
    refusals.NotYours: 404,  # whether it is another's is nobody's business
    refusals.NotRegistered: 404,
    refusals.NotOffered: 404,
    refusals.UnknownCharge: 404,
    refusals.UnknownGrant: 404,
    UnknownPayment: 404,
    providers.ProviderNotFound: 404,
    Refusal: 409,  # it is well said and does not fit how things stand
    InsufficientCredits: 409,
    reading.WrongMediaType: 415,
    reading.Invalid: 422,
    KeyReused: 422,
    refusals.KeyTaken: 422,
    refusals.InvalidTerms: 422,
    refusals.InvalidQuantity: 422,
    providers.ProviderBadRequest: 422,
    access.TooManyRequests: 429,
    providers.ProviderProblem: 502,  # an operator has to mend the key
    providers.ProviderUnavailable: 503,
    providers.ProviderRateLimited: 503,
    access.NotConfigured: 503,
    Contended: 503,
    UndefinedTable: 503,
    PersistenceError: 503,  # the provider will try again
}
"""Error -> status, of the nearest class that is named. Everything else is a bug, answered 500."""

MEMBERS: dict[type[Exception], Callable[[Any], Mapping[str, Any]]] = {
    InsufficientCredits: lambda it: {"balance": it.available, "wanted": it.wanted},
    providers.CardDeclined: lambda it: {"code": it.declined_for, "detail": it.sentence},
    reading.Invalid: lambda it: {"errors": it.errors},
    refusals.AlreadyBought: lambda it: {"payment_id": it.payment_id},
    refusals.AlreadySubscribed: lambda it: {"subscription_id": it.subscription_id},
}
"""Error -> what its document says besides."""

HEADERS: dict[type[Exception], Callable[[Any], Mapping[str, str]]] = {
    access.NotAuthenticated: lambda _: {"WWW-Authenticate": "Bearer"},
    access.TooManyRequests: lambda it: {"Retry-After": str(it.retry_after_seconds)},
}
"""Error -> headers of its answer."""

UNTOLD: dict[type[Exception], str] = {
    PersistenceError: "the store cannot take it now",
    UndefinedTable: "there are no tables yet: `billing migrate` makes them",
    providers.ProviderUnavailable: "the payment provider does not answer; come again",
    providers.ProviderRateLimited: "the payment provider has too much to do; come again",
    providers.ProviderKeyRefused: "the payment provider does not know us; an operator has to look",
    providers.ProviderAccountRefused: "the payment provider refuses us this account",
}
"""Error -> what is said instead of its own sentence, which is for the log and not for a caller."""

RETRY_AFTER_SECONDS = "5"

_log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answers every error by the table, and Flask's own (404, 405, 413) alike."""
    for error, status in STATUS.items():
        app.register_error_handler(error, _answer(status))
    app.register_error_handler(HTTPException, _http)


def status_of(error: Exception) -> int:
    """How an error is answered; 500 for one the table does not know."""
    found: int = _nearest(STATUS, error) or 500
    return found


def problem(status: int, title: str, detail: str, **members: object) -> Response:
    """A problem document."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    body = msgspec.json.encode(told)
    response = Response(body, status, mimetype="application/problem+json")
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _answer(status: int) -> Callable[[Exception], Response]:
    def answer(error: Exception) -> Response:
        detail = str(error)
        instead = _nearest(UNTOLD, error)
        if instead is not None:
            _log.warning("answered %s: %s", status, detail)
            detail = instead
        tell, head = _nearest(MEMBERS, error), _nearest(HEADERS, error)
        members = {"detail": detail, **(tell(error) if tell else {})}
        response = problem(status, type(error).__name__, **members)
        response.headers.update(head(error) if head else {})
        return response

    return answer


def _nearest(table: Mapping[type[Exception], Any], error: Exception) -> Any:
    """The entry of the error's own class, or of the nearest above it."""
    return next((table[kind] for kind in type(error).__mro__ if kind in table), None)


def _http(error: HTTPException) -> Response:
    response = problem(error.code or 500, error.name, error.description or error.name)
    others = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    response.headers.extend(others)  # 405 has to say what is allowed
    return response
