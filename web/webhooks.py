"""The webhook endpoint: verify, keep, answer. Not a line of the payload is interpreted here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, jsonify, request

from ledger.application import Inbox
from ledger.providers import Receiver


def blueprint(
    inbox: Inbox, receiver: Receiver, clock: Callable[[], datetime], path: str
) -> Blueprint:
    """`POST path` answers 200 once the delivery is durable, for a new one and a duplicate alike."""
    routes = Blueprint("webhooks", __name__)

    @routes.post(path)
    def deliver() -> Response:
        delivery = receiver.receive(request.get_data(cache=False), request.headers, clock())
        new = inbox.receive(delivery)
        return jsonify(received=True, duplicate=not new, delivery=delivery.originator_id)

    return routes
