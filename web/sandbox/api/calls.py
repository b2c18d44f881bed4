"""The routes as a Flask blueprint: from a request to a function of the world, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import uuid4

from flask import Blueprint, Response, request

from web.sandbox.api.answers import answer
from web.sandbox.api.asked import Asked, Route
from web.sandbox.api.indented import Indented
from web.sandbox.api.keys import PUBLISHABLE, bearer, refuse_publishable
from web.sandbox.api.params import Params, check, decode
from web.sandbox.api.problems import wrong
from web.sandbox.api.repeats import Answer, Repeats, settled
from web.sandbox.api.routes import INCLUDED
from web.sandbox.api.world import World
from web.sandbox.render.versions import VERSIONS

PAGE = ("limit", "starting_after", "ending_before")


def blueprint(world: World, name: str, routes: Iterable[Route]) -> Blueprint:
    """Routes over one world."""
    calls, repeats = Blueprint(name, __name__), Repeats()
    for route in routes:
        endpoint = f"{route.method} {route.path}".replace(".", "_")
        view = _view(world, repeats, route)
        calls.add_url_rule(route.path, endpoint, view, methods=[route.method])
    return calls


def _view(world: World, repeats: Repeats, route: Route) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        params = decode((request.args if route.method != "POST" else request.form).items(True))
        check(params, (*route.takes.split(), "expand.#", *(PAGE if route.lists else ())))
        asked = _asked(world, route, params, ids)
        name, key = f"req_{uuid4().hex[:14]}", request.headers.get("Idempotency-Key")

        def do() -> Answer:
            with world.turn(name, key) as truth:
                truth.site = asked.base
                return settled(lambda: answer(asked, route.do(asked), request.path, INCLUDED))

        if key is None or route.method != "POST":
            return _response(do(), {"Request-Id": name})
        what = (request.path, params.tree)
        told, again = repeats.once((asked.account, key), what, do)
        replayed = {"Idempotent-Replayed": "true"} if again else {}
        return _response(told, {"Request-Id": name, "Idempotency-Key": key, **replayed})

    return view


def _asked(world: World, route: Route, params: Params, ids: dict[str, str]) -> Asked:
    """Raises Problem for a publishable key where a secret one is needed."""
    public = bearer().startswith(PUBLISHABLE)
    if not route.public:
        refuse_publishable(bearer())
    account = request.headers.get("Stripe-Account", "")
    base = request.host_url.rstrip("/")
    return Asked(world, params, account, _version(world), public, base, ids)


def _version(world: World) -> str:
    """The version asked for, or the account's own. Raises Problem for one that is not known."""
    version = request.headers.get("Stripe-Version", world.version)
    if version not in VERSIONS:
        raise wrong("stripe_version", f"Invalid Stripe API version: {version}")
    return version


def _response(told: Answer, headers: dict[str, str]) -> Response:
    body, status = told
    return Response(Indented.text(body), status, headers, mimetype=Indented.mimetype)
