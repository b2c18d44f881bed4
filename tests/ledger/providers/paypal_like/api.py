"""The second provider's API as a small Flask application: orders, agreements, and their page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, request

from tests.ledger.providers.paypal_like import agreements, orders, payers
from tests.ledger.providers.paypal_like.world import Json, Refused, World

SECRET = "A21-house"

Route = tuple[str, str, Callable[..., Json]]

ROUTES: tuple[Route, ...] = (*payers.ROUTES, *orders.ROUTES, *agreements.ROUTES)


def create_paypal_like(world: World) -> Flask:
    """The provider over one world; `/page/...` is what its own page does for a payer."""
    app = Flask(__name__, static_folder=None)
    for method, path, do in ROUTES:
        app.add_url_rule(path, f"{method} {path}", _view(world, do), methods=[method])

    @app.errorhandler(Refused)
    def refused(problem: Refused) -> tuple[Json, int]:
        return problem.body, problem.status

    @app.before_request
    def admit() -> None:
        page = request.path.startswith("/page/")
        if not page and request.headers.get("Authorization") != f"Bearer {SECRET}":
            raise Refused(401, "AUTHENTICATION_FAILURE", "who are you?")

    return app


def _view(world: World, do: Callable[..., Json]) -> Callable[..., tuple[Json, int]]:
    def view(**ids: str) -> tuple[Json, int]:
        asked = cast("Json", request.get_json(silent=True) or dict(request.args))
        with world.lock:
            return _once(world, {"path": request.path, **asked}, lambda: do(world, asked, **ids))

    return view


def _once(world: World, asked: Json, do: Callable[[], Any]) -> tuple[Json, int]:
    """A request with an id is done once; repeated with other words it is refused."""
    key = request.headers.get("Request-Id")
    if key is None:
        return do(), 200
    if key not in world.answers:
        try:
            world.answers[key] = (asked, dict(do()), 200)
        except Refused as problem:
            world.answers[key] = (asked, dict(problem.body), problem.status)
    before, body, status = world.answers[key]
    if before != asked:
        raise Refused(422, "DUPLICATE_REQUEST_ID", f"{key} asked for something else before")
    return body, status
