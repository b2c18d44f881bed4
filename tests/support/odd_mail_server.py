"""An SMTP server on this machine that answers each command as a test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import MappingProxyType

USUAL = {
    "": b"220 here",
    "EHLO": b"250 here",
    "DATA": b"354 go on",
    ".": b"250 kept",
    "QUIT": b"221 bye",
}


class OddMailServer(ThreadingTCPServer):
    """Keeps what it took; `answers` are by command, "" for the greeting and "." for the mail.

    After a command of `silent` it says nothing more until `speaks` is set.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: Mapping[str, bytes], silent: str | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = {**USUAL, **answers}
        self.silent = silent
        self.speaks = threading.Event()
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}?tls=none"


class _Handler(StreamRequestHandler):
    server: OddMailServer

    def handle(self) -> None:
        self._answer("")
        for line in self.rfile:
            verb = line.split()[0].decode().upper()
            self._answer(verb)
            if verb == "DATA":
                self._take()

    def _take(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        self.server.taken.append(b"".join(lines))
        self._answer(".")

    def _answer(self, verb: str) -> None:
        if verb == self.server.silent:
            self.server.speaks.wait()
        self.wfile.write(self.server.answers.get(verb, b"250 well") + b"\r\n")


@contextmanager
def odd_mail_server(
    answers: Mapping[str, bytes] = MappingProxyType({}), silent: str | None = None
) -> Iterator[OddMailServer]:
    """One that listens."""
    server = OddMailServer(answers, silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.speaks.set()
        server.shutdown()
        thread.join()
        server.server_close()
