"""What an answer tells a browser not to do, by what kind of answer it is."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from ledger.providers.stripe.in_page import InPage

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


def page(in_page: InPage | None) -> Mapping[str, str]:
    """A page for a customer: our own scripts and styles, and those by which cards are taken."""
    scripts, frames, calls, images = (
        (in_page.scripts, in_page.frames, in_page.calls, in_page.images) if in_page else ((),) * 4
    )
    allowed = {
        "default-src": ("'none'",),
        "script-src": ("'self'", *scripts),
        "style-src": ("'self'",),
        "img-src": ("'self'", "data:", *images),
        "connect-src": ("'self'", *calls),
        "frame-src": frames or ("'none'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'none'",),
        "base-uri": ("'none'",),
    }
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in allowed.items())
    return {
        **ALWAYS,
        "Cache-Control": "no-store",  # it is one customer's
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",  # a bank may open one
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def with_headers(response: Response, headers: Mapping[str, str]) -> Response:
    """The answer with these headers, where it has none of that name."""
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
