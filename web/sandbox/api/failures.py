"""What a test tells the API to do wrong, and what the API was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple


class Call(NamedTuple):
    """A request as it came: path with query, and headers."""

    path: str
    headers: Mapping[str, str]


class Failures:
    """`soon` are the statuses of the next answers (None: as it should be), `always` all others'.

    `lost` is of how many of the next calls that change something the answer gets lost on its way.
    """

    def __init__(self) -> None:
        self.soon: deque[int | None] = deque()
        self.always: int | None = None
        self.lost = 0
        self.calls: list[Call] = []

    def meet(self, call: Call) -> int | None:
        """Notes a request; the status it has to fail with, if any."""
        self.calls.append(call)
        return self.soon.popleft() if self.soon else self.always
