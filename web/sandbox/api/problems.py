"""What the API answers when it does not answer what was asked."""

from __future__ import annotations

from typing import Any

TYPES = {401: "invalid_request_error", 429: "rate_limit_error"}
"""Status -> Stripe's type of error; `api_error` for the rest."""


class Problem(Exception):
    """An answer of Stripe's that is an error."""

    def __init__(self, status: int, type_: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"type": type_, "message": message, **more}


def unauthorized(key: str) -> Problem:
    return Problem(401, "invalid_request_error", f"Invalid API Key provided: {key}")


def forbidden(key: str) -> Problem:
    shown = f"{key[:8]}...{key[-4:]}"
    message = f"This API call cannot be made with a publishable API key ({shown})."
    return Problem(403, "invalid_request_error", message, code="secret_key_required")


def unrecognized(path: str, method: str = "GET") -> Problem:
    return Problem(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path})")


def missing(what: str, id_: str, parameter: str = "id") -> Problem:
    """There is no such thing: 404 where the address names it, 400 where a parameter does."""
    message = f"No such {what}: '{id_}'"
    status = 404 if parameter == "id" else 400
    return Problem(
        status, "invalid_request_error", message, code="resource_missing", param=parameter
    )


def wrong(parameter: str, message: str, code: str | None = None) -> Problem:
    more = {"code": code} if code else {}
    return Problem(400, "invalid_request_error", message, param=parameter, **more)


def unknown(parameter: str) -> Problem:
    message = f"Received unknown parameter: {parameter}"
    return wrong(parameter, message, "parameter_unknown")


def needed(parameter: str) -> Problem:
    return wrong(parameter, f"Missing required param: {parameter}.", "parameter_missing")


def unexpected(code: str, message: str, **more: Any) -> Problem:
    """The thing is there, but in a state in which it cannot be done."""
    return Problem(400, "invalid_request_error", message, code=code, **more)


def declined(code: str, message: str, **more: Any) -> Problem:
    """A card did not work: `decline_code`, `payment_intent` and the like come with it."""
    return Problem(402, "card_error", message, code=code, **more)


def other_parameters(key: str) -> Problem:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' for a different request."
    )
    return Problem(400, "idempotency_error", message)


def in_use(key: str) -> Problem:
    message = f"There is currently another in-progress request using this Idempotent Key ({key})."
    return Problem(409, "idempotency_error", message, code="idempotency_key_in_use")


def mistake() -> Problem:
    """The stand-in's own; its log says which."""
    return Problem(500, "api_error", "The sandbox made a mistake; see its log.")


def failure(status: int) -> Problem:
    """A failure the stand-in was told to have."""
    return Problem(status, TYPES.get(status, "api_error"), f"told to fail with {status}")
