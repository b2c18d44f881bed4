"""The API as a Flask application: keys, failures on demand, and errors in Stripe's own shape."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, json, request
from werkzeug.exceptions import NotFound

from web.sandbox.api import events
from web.sandbox.api.failures import Call, Failures
from web.sandbox.api.problems import Problem, failure, unauthorized, unrecognized
from web.sandbox.api.shelf import Shelf

Answer = tuple[dict[str, Any], int]

KEYS = ("sk_test_", "rk_test_")


def create_api(shelf: Shelf, failures: Failures) -> Flask:
    """An application that serves the events on `shelf`, unless `failures` say otherwise."""
    app = Flask(__name__, static_folder=None)
    app.json = Indented(app)
    app.url_map.merge_slashes = False
    app.register_blueprint(events.blueprint(shelf))
    app.register_error_handler(Problem, _problem)

    @app.before_request
    def admit() -> None:
        status = failures.meet(Call(request.full_path.rstrip("?"), dict(request.headers)))
        if status is not None:
            raise failure(status)
        key = str(request.authorization.token) if request.authorization else ""
        if not key.startswith(KEYS):
            raise unauthorized(key)

    @app.errorhandler(NotFound)
    def not_found(_: NotFound) -> Answer:
        return _problem(unrecognized(request.path))

    return app


class Indented(json.provider.DefaultJSONProvider):
    """Lays JSON out in lines, so that an event's bytes are others than a webhook's."""

    sort_keys = False

    def response(self, *args: Any, **kwargs: Any) -> Response:
        text = json.dumps(self._prepare_response_obj(args, kwargs), indent=2)
        return Response(text, mimetype=self.mimetype)


def _problem(problem: Problem) -> Answer:
    return {"error": problem.error}, problem.status
