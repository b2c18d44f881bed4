"""Fetches the next pages while the caller works on one: the server and we take a core each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

PAGES_AHEAD = 3


def ahead(pages: Iterable[T]) -> Iterator[T]:
    """The same pages in the same order; what fetching one raises is raised in its place."""
    source = iter(pages)
    with ThreadPoolExecutor(1) as fetching:
        coming = deque(fetching.submit(next, source, None) for _ in range(PAGES_AHEAD))
        while (page := coming.popleft().result()) is not None:
            coming.append(fetching.submit(next, source, None))
            yield page
