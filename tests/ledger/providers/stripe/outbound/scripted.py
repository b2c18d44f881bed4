"""A server that answers what a test wrote down, for what no stand-in would do by itself."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from ledger.providers.stripe.client import Connection
from ledger.providers.stripe.outbound import StripeOutbound

KEY = "sk_test_hunter2"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]

    @property
    def key(self) -> str | None:
        return self.headers.get("Idempotency-Key")


@dataclass
class Script:
    """What is answered, in order: (status, body), or None to hang up without a word.

    `silent` answers nothing at all until the test is over; each answer has `retry_after`, if set.
    """

    url: str = ""
    answers: deque[tuple[int, Any] | None] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    silent: bool = False
    retry_after: str | None = None
    over: threading.Event = field(default_factory=threading.Event)
    _made: list[StripeOutbound] = field(default_factory=list)

    def outbound(
        self, retries: int = 0, account: str = "", patience_seconds: float = 60
    ) -> StripeOutbound:
        """Stripe's API as checkout asks it, here."""
        timeouts = (patience_seconds, patience_seconds)
        connection = Connection(KEY, self.url, retries, account, timeouts)
        self._made.append(StripeOutbound(connection, account))
        return self._made[-1]

    def then(self, status: int, body: Any) -> None:
        """The next answer; a body that is not bytes is JSON."""
        self.answers.append((status, body))

    def declines(self, **error: str) -> None:
        """The next answer is that of a card that is not taken."""
        told = {"type": "card_error", "code": "card_declined", "message": "Declined.", **error}
        self.then(402, {"error": told})

    def close(self) -> None:
        self.over.set()
        for each in self._made:
            each.close()


class Handler(BaseHTTPRequestHandler):
    """Reads a request and answers by the script."""

    script: Script

    def do_GET(self) -> None:
        self._meet()

    def do_POST(self) -> None:
        self._meet()

    def do_DELETE(self) -> None:
        self._meet()

    def _meet(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = dict(parse_qsl(body))
        self.script.asked.append(Asked(self.command, self.path, dict(self.headers), form))
        if self.script.silent:
            self.script.over.wait()
            return
        answer = self.script.answers.popleft()
        if answer is not None:
            self._answer(*answer)

    def _answer(self, status: int, body: Any) -> None:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        if self.script.retry_after is not None:
            self.send_header("Retry-After", self.script.retry_after)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the script notes what was asked."""


@contextmanager
def scripted() -> Iterator[Script]:
    """A script on a free port."""
    script = Script()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handling", (Handler,), {"script": script}))
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        script.close()
        server.shutdown()
        thread.join()
        server.server_close()
