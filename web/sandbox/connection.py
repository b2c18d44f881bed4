"""One HTTP connection that is kept, and made again when it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import TracebackType
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30
JSON = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (sandbox)"}


class Unreachable(Exception):
    """There was no answer: refused, reset or timed out."""


class Connection:
    """Posts bodies to one URL."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._http = kind(parts.netloc, timeout=TIMEOUT_SECONDS)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer; raises `Unreachable`."""
        try:
            self._http.request("POST", self._path, body, {**JSON, **headers})
            response = self._http.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as error:
            self._http.close()
            raise Unreachable(str(error)) from error

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.close()
