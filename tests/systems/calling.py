"""One call over HTTP, and what it was answered."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ledger.errors import LedgerError

Json = dict[str, Any]


class Refused(LedgerError):
    """The answer was an error: its `status` and its `problem` document."""

    def __init__(self, call: str, status: int, problem: Json) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{call} was answered {status}: {problem}")

    @property
    def told(self) -> tuple[int, str]:
        return self.status, self.problem["title"]


def asked(address: str, call: str, body: bytes | None, headers: Mapping[str, str]) -> Json:
    """What `PUT /v1/...` was answered; nothing for 204. Raises Refused."""
    status, answer = answered(address, call, body, headers)
    told: Json = msgspec.json.decode(answer) if answer else {}
    if status >= 300:
        raise Refused(call, status, told)
    return told


def answered(
    address: str, call: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Status and body of the answer, whatever they are."""
    method, path = call.split(maxsplit=1)
    connection = HTTPConnection(urlsplit(address).netloc, timeout=120)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
