"""Which pages may read the API's answers in a browser: the application's own, and no other's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask import Response, request

ALLOWED: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, PUT, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "600",
}
"""Nothing about credentials: a token is sent on purpose, and there is no cookie to send along."""


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as browsers write them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def readable_at(url: str) -> Callable[[Response], Response]:
    """Lets the page at `url` read an answer, or ask beforehand whether it may call."""
    origin = origin_of(url)

    def allow(response: Response) -> Response:
        response.vary.add("Origin")
        if request.headers.get("Origin") == origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers.update(ALLOWED if request.method == "OPTIONS" else {})
        return response

    return allow
