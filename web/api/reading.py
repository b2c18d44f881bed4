"""Reads a request by its endpoint's schemas, or says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from flask import request
from marshmallow import Schema, ValidationError, fields, validate

from ledger.errors import LedgerError
from web.access.guard import Caller
from web.api.endpoint import Call, Endpoint
from web.api.fields import KEY, identifier, said
from web.webhooks import whole_body

LIMIT_BYTES = 64 * 1024


class NotJson(LedgerError):
    """The body is not one JSON value (answered 400)."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(f"the body is not JSON: {problem}")


class WrongMediaType(LedgerError):
    """Answered 415."""

    def __init__(self) -> None:
        super().__init__("send the body as application/json")


class Invalid(LedgerError):
    """What was sent has not the form the endpoint asks for (answered 422).

    `errors` has the place (path, query, headers, body), the field and what is wrong with it.
    """

    def __init__(self, where: str, messages: object) -> None:
        self.errors = {where: messages}
        super().__init__(f"the {where} cannot be taken as it is; see `errors`")


class KeyHeader(Schema):
    """What is asked for once comes with a key of the caller's."""

    key = fields.String(
        required=True,
        data_key="Idempotency-Key",
        validate=[validate.Length(1, 128), KEY],
        metadata={"description": "The same key does it once, and is answered alike."},
    )


class Reader:
    """Reads the requests of one endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._path = path_schema(endpoint)()
        self._query = endpoint.asks()
        self._body = endpoint.takes() if endpoint.takes else None
        self._headers = KeyHeader() if endpoint.keyed else None

    def read(self, path: Mapping[str, str], caller: Caller, now: datetime) -> Call:
        """The request under way. Raises NotJson, WrongMediaType, Invalid, and the 413 of Flask."""
        return Call(
            caller=caller,
            path=_loaded(self._path, "path", path),
            query=_loaded(self._query, "query", _single(request.args.to_dict(flat=False))),
            body=_loaded(self._body, "body", _json()) if self._body else {},
            key=_loaded(self._headers, "headers", _key())["key"] if self._headers else "",
            now=now,
        )


IDS = {
    "user_id": "The application's own id of its user.",
    "subscription_id": "The provider's id, as subscribing gave it.",
    "payment_id": "The provider's id, as listAccountPayments shows it.",
    "setup_id": "The provider's id, as openCardSetup gave it.",
    **dict.fromkeys(
        ("learning_path_id", "group_id", "plan_id", "charge_id", "grant_id"),
        "The application's own id of it.",
    ),
}
"""Name in a path -> whose id it is."""


def path_schema(endpoint: Endpoint) -> type[Schema]:
    """The ids in an endpoint's path."""
    names = re.findall(r"{(\w+)}", endpoint.path)
    return Schema.from_dict(
        {name: identifier(required=True, metadata=said(IDS[name])) for name in names}
    )


def _loaded(schema: Schema, where: str, given: Any) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as problem:
        raise Invalid(where, problem.messages) from None
    return loaded


def _json() -> Any:
    request.max_content_length = LIMIT_BYTES
    raw = whole_body()
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise WrongMediaType
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise NotJson(problem) from None


def _single(given: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    """The query; what is given twice stays a list, which no field takes."""
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}


def _key() -> dict[str, str]:
    name = "Idempotency-Key"
    return {name: request.headers[name]} if name in request.headers else {}
