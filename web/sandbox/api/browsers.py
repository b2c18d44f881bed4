"""What lets a page of another origin call the API, as Stripe's does with a publishable key."""

from __future__ import annotations

from flask import Flask, Response, request

ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Version",
    "Access-Control-Max-Age": "300",
}


KEPT = {"mails"}
"""Blueprints whose pages no other page may read."""


def admit(app: Flask) -> None:
    """Answers browsers that ask first, and says to all that they may read the answer."""

    @app.before_request
    def asked_first() -> Response | None:
        return Response(status=204) if request.method == "OPTIONS" else None

    @app.after_request
    def may_be_read(response: Response) -> Response:
        if request.blueprint not in KEPT:
            response.headers.update(ALLOWED)
        return response
