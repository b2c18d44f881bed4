"""Reading ahead: the same pages, and the same errors in their place."""

from collections.abc import Iterator

import pytest

from projections.ahead import PAGES_AHEAD, ahead


class Broken(Exception):
    """The server went away."""


def breaking(after: int) -> Iterator[int]:
    yield from range(after)
    raise Broken


def test_pages_come_in_their_order() -> None:
    assert list(ahead(range(20))) == list(range(20))
    assert list(ahead([])) == []


def test_an_error_comes_after_the_pages_before_it() -> None:
    coming = ahead(breaking(after=7))

    assert [next(coming) for _ in range(7)] == list(range(7))
    with pytest.raises(Broken):
        next(coming)


def test_whoever_stops_early_leaves_only_few_pages_fetched() -> None:
    fetched = []

    def pages() -> Iterator[int]:
        for number in range(100):
            fetched.append(number)
            yield number

    coming = ahead(pages())
    assert isinstance(next(coming), int)
    coming.close()  # type: ignore[attr-defined]  # a generator

    assert len(fetched) <= 2 + PAGES_AHEAD
