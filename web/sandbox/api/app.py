"""The API as a Flask application: keys, failures on demand, and errors in Stripe's own shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import InternalServerError, MethodNotAllowed, NotFound

from web.sandbox.api import admin, browsers, calls, events, losing, pages, stripe_js
from web.sandbox.api.failures import Call, Failures
from web.sandbox.api.indented import Indented
from web.sandbox.api.keys import (
    PUBLISHABLE,
    SECRET,
    bearer,
    refuse_all_but_secret,
    refuse_publishable,
)
from web.sandbox.api.problems import Problem, failure, mistake, unauthorized, unrecognized
from web.sandbox.api.routes import ROUTES
from web.sandbox.api.shelf import Shelf
from web.sandbox.api.world import World
from web.sandbox.mails import delivering as mails

Answer = tuple[dict[str, Any], int]

OPEN = {"pages", "stripe_js", "mails"}
"""Blueprints that are there for browsers, which have no key."""


def create_api(shelf: Shelf, failures: Failures, keys: tuple[str, ...] = SECRET) -> Flask:
    """An application that serves the events on `shelf`, unless `failures` say otherwise."""
    app = Flask(__name__, static_folder=None)
    app.json = Indented(app)
    app.url_map.merge_slashes = False
    app.register_blueprint(events.blueprint(shelf))
    app.register_error_handler(Problem, _problem)

    @app.before_request
    def admit() -> None:
        if request.blueprint in OPEN or request.method == "OPTIONS":
            return
        if request.blueprint != "admin":
            _meet(failures)
        if not bearer().startswith(keys):
            raise unauthorized(bearer())

    @app.errorhandler(NotFound)
    @app.errorhandler(MethodNotAllowed)
    def not_found(_: NotFound | MethodNotAllowed) -> Answer:
        return _problem(unrecognized(request.path, request.method))

    @app.errorhandler(InternalServerError)
    def broken(_: InternalServerError) -> Answer:
        return _problem(mistake())

    return app


def create_stand_in(world: World, mail_folder: Path | None = None) -> Flask:
    """An application that serves a live world, its events and its pages included.

    With a folder it shows the mails that are kept there, too.
    """
    app = create_api(world.shelf, world.failures, SECRET + PUBLISHABLE)
    app.register_blueprint(calls.blueprint(world, "calls", ROUTES))
    app.register_blueprint(calls.blueprint(world, "admin", admin.ROUTES))
    app.register_blueprint(pages.blueprint(world))
    app.register_blueprint(stripe_js.blueprint)
    if mail_folder is not None:
        app.register_blueprint(mails.blueprint(mail_folder))
    browsers.admit(app)
    losing.lose(app, world.failures)

    @app.before_request
    def look_at_events() -> None:
        if request.blueprint == "events":
            world.catch_up()
            refuse_publishable(bearer())
        if request.blueprint == "admin":
            refuse_all_but_secret(bearer())

    return app


def _meet(failures: Failures) -> None:
    status = failures.meet(Call(request.full_path.rstrip("?"), dict(request.headers)))
    if status is not None:
        raise failure(status)


def _problem(problem: Problem) -> Answer:
    return {"error": problem.error}, problem.status
