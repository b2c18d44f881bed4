"""What the API answers when it does not answer what was asked."""

from __future__ import annotations

TYPES = {401: "invalid_request_error", 429: "rate_limit_error"}
"""Status -> Stripe's type of error; `api_error` for the rest."""


class Problem(Exception):
    """An answer of Stripe's that is an error."""

    def __init__(self, status: int, type_: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": type_, "message": message, **more}


def unauthorized(key: str) -> Problem:
    return Problem(401, "invalid_request_error", f"Invalid API Key provided: {key}")


def unrecognized(path: str) -> Problem:
    return Problem(404, "invalid_request_error", f"Unrecognized request URL (GET: {path})")


def missing(what: str, id_: str) -> Problem:
    message = f"No such {what}: '{id_}'"
    return Problem(404, "invalid_request_error", message, code="resource_missing", param="id")


def wrong(parameter: str, message: str) -> Problem:
    return Problem(400, "invalid_request_error", message, param=parameter)


def failure(status: int) -> Problem:
    """A failure the stand-in was told to have."""
    return Problem(status, TYPES.get(status, "api_error"), f"told to fail with {status}")
