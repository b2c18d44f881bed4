"""The load generator tells a whole answer from a part of one, and from a refusal."""

import pytest

from benchmarks.latency import percentile
from benchmarks.load import NotAccepted, complete


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Le", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{}", False),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX: y\r\n\r\n{}", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
    ],
)
def test_an_answer_is_whole_when_its_body_is(answer: bytes, whole: bool) -> None:
    assert complete(answer) == whole


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 BAD REQUEST\r\n\r\n", b""])
def test_anything_but_a_200_is_an_error(answer: bytes) -> None:
    with pytest.raises(NotAccepted):
        complete(answer)


def test_a_percentile_is_the_nearest_rank() -> None:
    values = list(range(1, 101))

    assert (percentile(values, 0.5), percentile(values, 0.99)) == (50, 99)
    assert percentile([7.0], 0.5) == 7.0
