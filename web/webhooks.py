"""The webhook endpoint: verify, keep, answer. Not a line of the payload is interpreted here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from ledger.application import Inbox
from ledger.providers import Receiver


def blueprint(
    inbox: Inbox, receiver: Receiver, clock: Callable[[], datetime], path: str
) -> Blueprint:
    """`POST path` answers 200 once the delivery is durable, for a new one and a duplicate alike."""
    routes = Blueprint("webhooks", __name__)

    @routes.post(path)
    def deliver() -> Response:
        delivery = receiver.receive(whole_body(), request.headers, clock())
        new = inbox.receive(delivery)
        return jsonify(received=True, duplicate=not new, delivery=delivery.originator_id)

    return routes


def whole_body() -> bytes:
    """The exact body. Raises RequestEntityTooLarge for one above the limit.

    Werkzeug cuts a chunked body off at the limit without a word; so we look for a rest of it.
    """
    body = request.get_data(cache=False)
    chunked = request.content_length is None and "wsgi.input_terminated" in request.environ
    if chunked and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    return body
