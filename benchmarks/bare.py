"""The bare endpoint ours is held against: check the HMAC, insert the row, answer.

It runs under the very gunicorn settings of ours, and makes no promise of an order of positions.
"""

from __future__ import annotations

import hmac
import json
import sys
from hashlib import sha256
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from psycopg_pool import ConnectionPool

from benchmarks.requests import PATH, SECRET
from ledger.settings import Settings
from web.server import Server

TABLE = """
CREATE TABLE IF NOT EXISTS public.webhooks (
  id text PRIMARY KEY, body text NOT NULL, received_at timestamptz NOT NULL DEFAULT now())"""
INSERT = "INSERT INTO public.webhooks (id, body) VALUES (%s, %s) ON CONFLICT DO NOTHING"


class BareServer(Server):
    """Only the application differs."""

    def load(self) -> Any:  # gunicorn's stubs mean a WSGI callable, which a Flask is
        return bare_application(self._url, self.cfg.threads)


def bare_application(url: str, threads: int) -> Flask:
    """One view, with a connection for each thread."""
    app = Flask(__name__, static_folder=None)
    pool = ConnectionPool(
        url, min_size=threads, max_size=threads, kwargs={"autocommit": True}, open=True
    )

    @app.post(PATH)
    def deliver() -> Response:
        body = request.get_data()
        time, signature = (
            part.partition("=")[2] for part in request.headers["Stripe-Signature"].split(",")
        )
        signed = hmac.new(SECRET.encode(), time.encode() + b"." + body, sha256).hexdigest()
        if not hmac.compare_digest(signed, signature):
            abort(400)
        with pool.connection() as connection:
            connection.execute(INSERT, [json.loads(body)["id"], body.decode()])
        return jsonify(received=True)

    return app


if __name__ == "__main__":
    _, address, port, workers, threads = sys.argv
    options = {"bind": f"127.0.0.1:{port}", "workers": int(workers), "threads": int(threads)}
    options["loglevel"] = "warning"
    BareServer(Settings.from_environment({}), address, options).run()
