"""`billing serve` as an operator starts it, on a free port, and raw requests to it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from tests.support.ports import free_port
from tests.web.conftest import PATH

BILLING = Path(sys.executable).with_name("billing")
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def told(self) -> dict[str, Any]:
        """The JSON of the body."""
        told: dict[str, Any] = json.loads(self.body)
        return told


class Serving:
    """A running server: its process and its port."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def post(self, body: bytes | Iterable[bytes], signature: str) -> Answer:
        """Sends a delivery; in chunks and without its length when the body is several."""
        chunked = not isinstance(body, bytes)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with closing(connection):
            headers = {"Stripe-Signature": signature}
            connection.request("POST", PATH, body, headers, encode_chunked=chunked)
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())

    def ask(self, call: str, auth: str, body: object = None, **headers: str) -> Answer:
        """Calls the API: `ask("PUT /v1/...", key, {...})`."""
        method, path = call.split()
        sent = None if body is None else json.dumps(body)
        told = {"Authorization": f"Bearer {auth}", "Content-Type": "application/json", **headers}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with closing(connection):
            connection.request(method, path, sent, told)
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def until_it_answers(self) -> None:
        while self.process.poll() is None:
            with suppress(OSError):
                self.connect().close()
                return
            time.sleep(0.05)
        raise AssertionError(f"it ended by itself: {self.process.communicate()}")

    def until_it_is_stopping(self) -> None:
        """The first thing its master does about SIGTERM is to close its listening socket."""
        master = psutil.Process(self.process.pid)
        while any(each.status == psutil.CONN_LISTEN for each in master.net_connections()):
            time.sleep(0.05)


def billing(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Starts the `billing` command with nothing but these variables."""
    return subprocess.Popen(
        [str(BILLING), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Serving]:
    """A server that answers; it is stopped at the end."""
    port = free_port()
    process = billing("serve", "--port", str(port), *arguments, **environment)
    server = Serving(process, port)
    try:
        server.until_it_answers()
        yield server
    finally:
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
