"""What an answer tells a browser not to do, by what kind of answer it is."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
DATA: Mapping[str, str] = {
    **ALWAYS,
    "Cache-Control": "no-store",  # it is one customer's
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""An answer to a program: nothing in it is ever run or shown."""


def document(*styles: str) -> Mapping[str, str]:
    """A page that is only read; `styles` are the hashes of the styles inside it."""
    allowed = " ".join(f"'sha256-{style}'" for style in styles)
    policy = f"default-src 'none'; style-src {allowed}; frame-ancestors 'none'; base-uri 'none'"
    return {**ALWAYS, "Content-Security-Policy": policy}


def with_headers(response: Response, headers: Mapping[str, str]) -> Response:
    """The answer with these headers, where it has none of that name."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
