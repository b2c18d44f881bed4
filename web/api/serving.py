"""Serves the endpoints: who calls, what they ask, what is done, and the answer; errors pass by."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from flask import Blueprint, Response, request

from web.access.headers import DATA, with_headers
from web.access.origin import readable_at
from web.api.endpoint import Endpoint, Office
from web.api.endpoints import ENDPOINTS
from web.api.reading import Reader


def blueprint(office: Office) -> Blueprint:
    """Every endpoint of the API; nothing here runs before or after a webhook."""
    routes = Blueprint("api", __name__)
    for endpoint in ENDPOINTS:
        rule = re.sub(r"{(\w+)}", r"<\1>", endpoint.path)
        routes.add_url_rule(rule, endpoint.name, _view(office, endpoint), methods=[endpoint.method])
    routes.after_request(lambda response: with_headers(response, DATA))
    routes.after_request(readable_at(office.shop.brand.url))
    return routes


def caller_address(trusted_proxies: int) -> str:
    """The address of who is before our own proxies, each of which added whom it heard.

    Done here and not by a middleware: a webhook does not need it.
    """
    heard = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    chain = [*(each.strip() for each in heard), request.remote_addr or ""]
    return chain[-1 - trusted_proxies] if trusted_proxies < len(chain) else chain[-1]


def _view(office: Office, endpoint: Endpoint) -> Callable[..., Response]:
    reader, answer = Reader(endpoint), _answer(endpoint)

    def view(**path: str) -> Response:
        now = office.clock()
        address = caller_address(office.trusted_proxies)
        user_id = path.get("user_id")
        caller = office.guard.admit(_sent(), endpoint.need, user_id, address, now)
        endpoint.admit_outbound(office)
        return answer(endpoint.work(office, reader.read(path, caller, now)))

    return view


def _sent() -> str | None:
    """The key or token that was sent."""
    given = request.authorization
    return given.token if given is not None and given.type == "bearer" else None


def _answer(endpoint: Endpoint) -> Callable[[object], Response]:
    if endpoint.gives is None:
        return lambda _: Response(status=204)
    schema = endpoint.gives()

    def answer(given: object) -> Response:
        body = msgspec.json.encode(schema.dump(given))
        return Response(body, 200, mimetype="application/json")

    return answer
