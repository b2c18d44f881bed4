"""How the second provider is asked: JSON over HTTP, its errors by the ledger's names."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from ledger.providers.problems import (
    CardDeclined,
    ProviderAccountRefused,
    ProviderBadRequest,
    ProviderKeyRefused,
    ProviderNotFound,
    ProviderProblem,
    ProviderRateLimited,
    ProviderUnavailable,
)

NAME = "PaypalLike"
TIMEOUT_SECONDS = 60.0

T = TypeVar("T")


class Asking:
    """One address and one key."""

    def __init__(self, url: str, secret: str) -> None:
        self._host = urlsplit(url).netloc
        self._secret = secret

    def _get(self, shape: type[T], path: str) -> T:
        return self._ask(shape, "GET", path, None, None)

    def _post(self, shape: type[T], key: str, path: str, **asked: Any) -> T:
        return self._ask(shape, "POST", path, asked, key)

    def _ask(self, shape: type[T], method: str, path: str, asked: Any, key: str | None) -> T:
        """The answer, read. Raises a ProviderProblem."""
        try:
            status, body = self._answer(method, path, asked, key)
            if status == 200:
                return msgspec.json.decode(body, type=shape)
            problem = msgspec.json.decode(body, type=_Problem)
        except (OSError, HTTPException, msgspec.MsgspecError) as fault:
            raise ProviderUnavailable(NAME, f"{method} {path}: {fault}") from fault
        raise _named(status, problem, f"{method} {path}")

    def _answer(self, method: str, path: str, asked: Any, key: str | None) -> tuple[int, bytes]:
        connection = HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        headers |= {"Request-Id": key} if key is not None else {}
        body = None if asked is None else msgspec.json.encode(asked)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


class _Problem(msgspec.Struct, frozen=True):
    name: str
    message: str
    reason: str = ""


def _named(status: int, problem: _Problem, asked: str) -> ProviderProblem:
    if problem.name == "INSTRUMENT_DECLINED":
        return CardDeclined(NAME, problem.reason, problem.message)
    unknown = ProviderUnavailable if status >= 500 else ProviderBadRequest
    kind: Callable[[str, str], ProviderProblem] = PROBLEMS.get(status, unknown)
    return kind(NAME, f"{asked}: {problem.message}")


PROBLEMS: dict[int, type[ProviderProblem]] = {
    401: ProviderKeyRefused,
    403: ProviderAccountRefused,
    404: ProviderNotFound,
    429: ProviderRateLimited,
}


def segment(id_: str) -> str:
    """An id as a part of a path."""
    return quote(id_, safe="")
