"""A real HTTP endpoint on this machine that keeps what it is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """One request: its path, headers in lower case, and body."""

    path: str
    headers: dict[str, str]
    body: bytes


class Endpoint(ThreadingHTTPServer):
    """Keeps every request; `answers` are the next statuses, 204 where there is none.

    While `holding` is set, what was taken is not answered. All answers have `retry_after`, if set.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[Received] = []
        self.answers: list[int] = []
        self.retry_after: str | None = None
        self.holding = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks?from=billing"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(self.path, headers, body))
        while self.server.holding.is_set():
            time.sleep(0.05)
        status = self.server.answers.pop(0) if self.server.answers else 204
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(status)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if 300 <= status <= 399:
            self.send_header("location", "/elsewhere")
        if self.server.retry_after is not None:
            self.send_header("retry-after", self.server.retry_after)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """One that listens."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
