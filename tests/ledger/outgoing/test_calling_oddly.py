"""An endpoint that is slow, endless, redirects or is not who it says keeps nobody busy for long."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ledger.reactions.effects import EffectFailed
from tests.ledger.mail.given import Life
from tests.ledger.mail.test_posting import certificate
from tests.ledger.outgoing.given import SECRET
from tests.ledger.outgoing.test_calling import entitled, send, tasks

__all__ = ("certificate",)
Answer = Callable[[socket.socket, threading.Event], None]


@contextmanager
def answering(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of one that reads a request and answers it as it likes, until `over` is set."""
    over = threading.Event()

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            connected, _ = listening.accept()
            with context.wrap_socket(connected, server_side=True) if context else connected as at:
                at.recv(65_536)
                answer(at, over)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=[listening])
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def bit_by_bit(at: socket.socket, over: threading.Event) -> None:
    at.sendall(b"HTTP/1.1 2")
    while not over.wait(0.05):
        at.sendall(b"0")


def goes_on(at: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.05):
        at.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_headers(at: socket.socket, over: threading.Event) -> None:
    at.sendall(b"HTTP/1.1 500 Oh\r\n")
    while not over.is_set():
        at.sendall(b"x: " + b"y" * 60_000 + b"\r\n")


def endless_body(at: socket.socket, over: threading.Event) -> None:
    at.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n")
    while not over.is_set():
        at.sendall(b"y" * 65_536)


def nonsense(at: socket.socket, over: threading.Event) -> None:
    at.sendall(b"220 this is SMTP\r\n")


def with_limit(life: Life, url: str, limit_seconds: int) -> Life:
    """The same life, with an endpoint that has so long."""
    life.settings = Life(
        BILLING_MAIL_DIR="",
        BILLING_OUTGOING_WEBHOOKS=f"{url} {SECRET}",
        BILLING_EFFECT_TIMEOUT_SECONDS=str(limit_seconds),
    ).settings
    return life


def called(url: str, limit_seconds: int = 60) -> str | None:
    life = with_limit(entitled(url), url, limit_seconds)
    return send(life, tasks(life)[0])


@pytest.mark.parametrize(
    ("answer", "limit_seconds", "why"),
    [
        (bit_by_bit, 1, "TimeoutError"),
        (goes_on, 1, "TimeoutError"),
        (endless_headers, 60, "HTTPException"),
        (nonsense, 60, "BadStatusLine"),
    ],
)
def test_what_never_comes_to_an_answer_is_none(
    answer: Answer, limit_seconds: int, why: str
) -> None:
    with answering(answer) as port, pytest.raises(EffectFailed) as failure:
        called(f"http://127.0.0.1:{port}/", limit_seconds)

    assert str(failure.value) == f"the endpoint did not answer: {why}"
    assert failure.value.passing


def test_what_is_said_after_the_status_is_not_read() -> None:
    with answering(endless_body) as port:
        assert called(f"http://127.0.0.1:{port}/") is None


def test_one_that_cannot_prove_who_it_is_is_told_nothing(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard = []

    def hear(at: socket.socket, over: threading.Event) -> None:
        heard.append(at)

    with answering(hear, context) as port, pytest.raises(EffectFailed) as failure:
        called(f"https://127.0.0.1:{port}/")

    assert str(failure.value) == "the endpoint did not answer: SSLCertVerificationError"
    assert failure.value.passing
    assert heard == []


@pytest.mark.parametrize(
    ("answers", "name"), [("HTTP", "SSLError"), ("nothing", "ConnectionRefusedError")]
)
def test_one_that_speaks_no_tls_is_told_nothing(answers: str, name: str) -> None:
    with answering(nonsense) as port:
        url = f"https://127.0.0.1:{port if answers == 'HTTP' else 1}/"
        with pytest.raises(EffectFailed, match=f"did not answer: {name}"):
            called(url)


def test_a_name_that_is_none_fails_and_is_tried_again() -> None:
    with pytest.raises(EffectFailed, match="did not answer: gaierror") as failure:
        called("https://no-such-host.invalid/")

    assert failure.value.passing
