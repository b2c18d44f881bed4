"""The API described: for programs at /openapi.json, for people at /docs/api."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from markupsafe import Markup

from web.access.headers import DATA, document, with_headers
from web.access.limits import Limits
from web.access.scopes import SCOPES
from web.api import description
from web.api.serving import caller_address

STYLE = (Path(__file__).parent / "templates" / "reference.css").read_text()
PAGE = document(base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode())

Json = dict[str, Any]


def blueprint(limits: Limits, trusted_proxies: int = 0) -> Blueprint:
    """Open to everybody, since there is no secret in it; counted by address."""
    routes = Blueprint("reference", __name__, template_folder="templates")

    @routes.before_request
    def count() -> None:
        limits.count("document", caller_address(trusted_proxies))

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return with_headers(jsonify(description.document()), DATA)

    @routes.get("/docs/api")
    def page() -> Response:
        return with_headers(Response(_page(request.host_url)), PAGE)

    return routes


def _page(address: str) -> str:
    return render_template(
        "reference.html",
        style=Markup(STYLE),  # noqa: S704 - it is our own file
        address=address.rstrip("/"),
        about=description.GENERAL,
        scopes=SCOPES,
        chapters=_chapters(),
    )


@cache
def _chapters() -> Mapping[str, list[Json]]:
    """Chapter -> operations, with the schemas they name put in place."""
    told = description.document()
    chapters: dict[str, list[Json]] = {tag["name"]: [] for tag in told["tags"]}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            shown = _shown(operation, told["components"]["schemas"])
            chapters[operation["tags"][0]].append({"call": f"{method.upper()} {path}", **shown})
    return chapters


def _shown(operation: Json, schemas: Json) -> Json:
    answers = {status: each["description"] for status, each in operation["responses"].items()}
    given = operation["responses"].get("200", {})
    return {
        "id": operation["operationId"],
        "summary": operation["summary"],
        "scope": operation["security"][0]["apiKey"][0],
        "token": len(operation["security"]) > 1,
        "parameters": operation["parameters"],
        "takes": _rows(operation.get("requestBody"), schemas),
        "gives": _rows(given, schemas),
        "about": given.get("description", ""),
        "answers": answers,
    }


def _rows(content: Json | None, schemas: Json, prefix: str = "") -> list[Json]:
    """The fields of a body, those of what is inside it as `outer.inner`."""
    if not content:
        return []
    return _fields(content["content"]["application/json"]["schema"], schemas, prefix)


def _fields(schema: Json, schemas: Json, prefix: str) -> list[Json]:
    named = _resolved(schema, schemas)
    rows: list[Json] = []
    for name, field in named.get("properties", {}).items():
        kind, inner = _kind(field, schemas)
        needed = name in named.get("required", ())
        told = {"name": prefix + name, "kind": kind, "needed": needed}
        rows.append({**told, "about": field.get("description", "")})
        rows += _fields(inner, schemas, f"{prefix}{name}.") if inner else []
    return rows


def _kind(field: Json, schemas: Json) -> tuple[str, Json | None]:
    """What a field holds in words, and the object inside it if it holds one."""
    options = field.get("anyOf", [field])
    null = any(option.get("type") == "null" for option in options)
    real = next(option for option in options if option.get("type") != "null")
    if real.get("type") == "array":
        kind, inner = _kind(real["items"], schemas)
        return f"list of {kind}", inner
    if "$ref" in real:
        return "object or null" if null else "object", real
    types = real["type"] if isinstance(real["type"], list) else [real["type"]]
    return " or ".join(types) + _bounds(real), None


def _bounds(field: Json) -> str:
    """The bounds of a value, as short as can be."""
    few = [str(value) for value in field.get("enum", ()) if value is not None]
    rules = (
        ("minimum", f"from {field.get('minimum')}"),
        ("maximum", f"to {field.get('maximum')}"),
        ("maxLength", f"up to {field.get('maxLength')} characters"),
        ("format", str(field.get("format"))),
    )
    told = [words for name, words in rules if name in field]
    told += [", ".join(few)] if 0 < len(few) < 10 else []
    return f" ({'; '.join(told)})" if told else ""


def _resolved(schema: Json, schemas: Json) -> Json:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = schemas[name] if name else schema
    return found
