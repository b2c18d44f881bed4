"""Whether this process can do its work, asked of the database and not of itself."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ledger.application import Inbox


def blueprint(inbox: Inbox) -> Blueprint:
    """`GET /health` answers 200 with the Inbox's head, or 503 when the store does not answer."""
    routes = Blueprint("health", __name__)

    @routes.get("/health")
    def health() -> Response:
        return jsonify(status="ok", inbox_head=inbox.recorder.max_notification_id() or 0)

    return routes
