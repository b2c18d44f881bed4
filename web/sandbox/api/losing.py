"""Answers that get lost: what was asked is done, and whoever asked does not hear of it."""

from __future__ import annotations

import socket
from contextlib import suppress

from flask import Flask, Response, request

from web.sandbox.api.failures import Failures


def lose(app: Flask, failures: Failures) -> None:
    """Breaks the connection instead of answering, as often as `failures.lost` says."""

    @app.after_request
    def answer(response: Response) -> Response:
        changes = request.method != "GET" and request.blueprint == "calls"
        if changes and failures.lost > 0:
            failures.lost -= 1
            _hang_up()
        return response


def _hang_up() -> None:
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with suppress(OSError):  # whoever asked may have gone already
            connection.shutdown(socket.SHUT_RDWR)
