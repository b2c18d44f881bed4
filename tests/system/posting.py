"""Requests made by hand, right or wrong, and what the endpoint answers to each."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.system.installation import SECRET, Installation
from web.sandbox.signing import signature_header

TIMEOUT_SECONDS = 120


class Answer(NamedTuple):
    """A status, and the document that came with it."""

    status: int
    kind: str
    document: dict[str, Any]


def signed(body: bytes, secret: str = SECRET, age_seconds: int = 0) -> dict[str, str]:
    """The header that signs `body`, made `age_seconds` ago."""
    return {"Stripe-Signature": signature_header(body, secret, int(time.time()) - age_seconds)}


def post(
    installation: Installation, body: bytes | Iterable[bytes], headers: Mapping[str, str]
) -> Answer:
    """Post a body, chunked where it comes in parts."""
    url = urlsplit(installation.webhook_url)
    with closing(HTTPConnection(url.netloc, timeout=TIMEOUT_SECONDS)) as connection:
        connection.request("POST", url.path, body, dict(headers))
        return _answer(connection.getresponse())


def post_event(installation: Installation, event: Mapping[str, Any]) -> Answer:
    """Post an event as Stripe would."""
    body = json.dumps(event).encode()
    return post(installation, body, signed(body))


def cut_short(installation: Installation, body: bytes, hang_up: bool) -> Answer | None:
    """Announce all of `body` and send half; then say that this was all, or hang up unheard."""
    url = urlsplit(installation.webhook_url)
    lines = [f"POST {url.path} HTTP/1.1", f"Host: {url.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in signed(body).items()]
    address = (url.hostname or "", url.port or 0)
    with closing(socket.create_connection(address, TIMEOUT_SECONDS)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
        if hang_up:
            return None
        connection.shutdown(socket.SHUT_WR)
        response = HTTPResponse(connection)
        response.begin()
        return _answer(response)


def _answer(response: HTTPResponse) -> Answer:
    document = json.loads(response.read())
    return Answer(response.status, response.getheader("Content-Type", ""), document)
