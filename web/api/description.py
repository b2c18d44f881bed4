"""The OpenAPI 3.1 document, made from the very schemas and tables that serve the requests."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from ledger.errors import Contended
from ledger.providers import problems as providers
from ledger.store.errors import StoreUnavailable
from web.access import problems as access
from web.access.scopes import SCOPES
from web.api.endpoint import Endpoint
from web.api.endpoints import CHAPTERS
from web.api.reading import Invalid, KeyHeader, NotJson, WrongMediaType, path_schema
from web.problems import STATUS

PROBLEM = "application/problem+json"
VERSION = "1"

Json = dict[str, Any]


class Problem(Schema):
    """What went wrong; `title` is its name for a machine, and some have members besides."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)

    class Meta:
        """Some problems say more."""

        unknown = "include"


@cache
def document() -> Json:
    """The document, as JSON takes it."""
    spec = APISpec(
        title="Billing ledger",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin()],
        info={"description": ABOUT},
        tags=[{"name": chapter} for chapter in CHAPTERS],
    )
    spec.components.security_scheme("apiKey", {"type": "http", "scheme": "bearer", **_KEY})
    spec.components.security_scheme("customerToken", {"type": "http", "scheme": "bearer", **_TOKEN})
    for chapter, endpoints in CHAPTERS.items():
        for endpoint in endpoints:
            operation = {"tags": [chapter], **_operation(endpoint)}
            spec.path(endpoint.path, operations={endpoint.method.lower(): operation})
    return with_descriptions(spec.to_dict())


def problems_of(endpoint: Endpoint) -> dict[int, list[str]]:
    """Status -> titles of the problems an endpoint may answer with."""
    named = [*_usual(endpoint), *endpoint.refusals]
    found: dict[int, list[str]] = {}
    for error in named:
        status = next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)
        found.setdefault(status, []).append(error.__name__)
    return dict(sorted(found.items()))


def _usual(endpoint: Endpoint) -> list[type[Exception]]:
    """The problems that follow from what an endpoint is."""
    return [
        *([NotJson, WrongMediaType] if endpoint.takes else []),
        *(access.NotAuthenticated, access.ScopeMissing, Invalid, access.TooManyRequests),
        access.OtherCustomer if endpoint.need.token else access.NotForTokens,
        *(_OUTBOUND if endpoint.outbound else []),
        *(StoreUnavailable, Contended),
    ]


def _operation(endpoint: Endpoint) -> Json:
    answers = {str(status): _failure(titles) for status, titles in problems_of(endpoint).items()}
    operation: Json = {
        "operationId": endpoint.name,
        "summary": endpoint.about,
        "security": _security(endpoint),
        "parameters": _parameters(endpoint),
        "responses": {**_success(endpoint), **answers},
    }
    if endpoint.takes:
        content = {"application/json": {"schema": endpoint.takes}}
        needed = any(field.required for field in endpoint.takes().fields.values())
        operation["requestBody"] = {"required": needed, "content": content}
    return operation


def _security(endpoint: Endpoint) -> list[Json]:
    token: list[Json] = [{"customerToken": []}] if endpoint.need.token else []
    return [{"apiKey": [endpoint.need.scope]}, *token]


def _parameters(endpoint: Endpoint) -> list[Json]:
    places = [("path", path_schema(endpoint)), ("query", endpoint.asks)]
    places += [("header", KeyHeader)] if endpoint.keyed else []
    return [{"in": place, "schema": schema} for place, schema in places if schema().fields]


def _success(endpoint: Endpoint) -> Json:
    if endpoint.gives is None:
        return {"204": {"description": "Done."}}
    content = {"application/json": {"schema": endpoint.gives}}
    return {"200": {"description": endpoint.gives.__doc__ or "", "content": content}}


def _failure(titles: list[str]) -> Json:
    return {"description": ", ".join(titles), "content": {PROBLEM: {"schema": Problem}}}


def with_descriptions(told: Json) -> Json:
    """The document with each schema described by its class, and free strings of the rest left."""
    schemas = told["components"]["schemas"]
    for endpoint in (each for chapter in CHAPTERS.values() for each in chapter):
        for kind in filter(None, (endpoint.takes, endpoint.gives)):
            _describe(kind, schemas)
    return told


def _describe(kind: type[Schema], schemas: Json) -> None:
    name = re.sub(r"Schema$", "", kind.__name__)
    schemas[name].setdefault("description", kind.__doc__)
    for field in kind().fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            _describe(type(inner.schema), schemas)


GENERAL = (
    "Sells, and answers what customers have, owe and may use. Amounts are whole numbers of the "
    "currency's smallest unit, times have an offset from UTC, fields that are not known are "
    "refused, and every error is an application/problem+json document."
)
_SCOPES = "; ".join(f"`{name}`: {what}" for name, what in SCOPES.items())
ABOUT = f"{GENERAL} Scopes of API keys: {_SCOPES}."
_OUTBOUND: tuple[type[Exception], ...] = (
    *(providers.ProviderNotFound, providers.ProviderBadRequest),
    *(providers.ProviderKeyRefused, providers.ProviderAccountRefused),
    *(providers.ProviderUnavailable, providers.ProviderRateLimited, access.NotConfigured),
)
_KEY = {"description": "An application's key; the role is the scope it needs."}
_TOKEN = {"description": "A customer's own short-lived token, as issueToken gives it."}
