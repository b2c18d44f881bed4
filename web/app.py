"""The Flask application: its parts are passed in, so that tests and servers make it alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, Flask

from ledger.application import Inbox
from ledger.providers import Receiver
from web import health, problems, webhooks


def create_app(
    inbox: Inbox,
    receiver: Receiver,
    clock: Callable[[], datetime],
    body_limit_bytes: int,
    webhook_path: str,
    others: Sequence[Blueprint] = (),
) -> Flask:
    """An application that keeps what `receiver` verifies in `inbox`, and serves `others` beside."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = body_limit_bytes
    app.register_blueprint(webhooks.blueprint(inbox, receiver, clock, webhook_path))
    app.register_blueprint(health.blueprint(inbox))
    for other in others:
        app.register_blueprint(other)
    problems.register(app)
    return app
