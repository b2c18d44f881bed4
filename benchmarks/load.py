"""Many kept connections from one thread: each sends its next request when it has its answer."""

from __future__ import annotations

import gc
import select
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from time import perf_counter

import msgspec

READ_BYTES = 65536
SILENCE_SECONDS = 30.0


class NotAccepted(Exception):
    """The server answered something else than 200, or nothing."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(f"not accepted: {answer[:200]!r}")


class Sent(msgspec.Struct, frozen=True):
    """How it went: how long all took, and how long each answer."""

    seconds: float
    latencies_seconds: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies_seconds) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The latency that `share` of all answers did not exceed."""
        return percentile(self.latencies_seconds, share) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def send(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    """Every request once; returns when all are answered 200. Raises NotAccepted."""
    with ExitStack() as stack, without_collecting():
        sockets = [_connected(port, stack) for _ in range(min(connections, len(requests)))]
        return _exchange(sockets, requests)


@contextmanager
def without_collecting() -> Iterator[None]:
    """No pause for garbage while something is timed."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _connected(port: int, stack: ExitStack) -> socket.socket:
    made = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _exchange(sockets: Sequence[socket.socket], requests: Sequence[bytes]) -> Sent:
    poll, waiting = select.epoll(), iter(requests)
    by_number = {each.fileno(): each for each in sockets}
    sent_at: dict[int, float] = {}
    partly: dict[int, bytes] = {}
    latencies: list[float] = []
    start = perf_counter()
    for number, each in by_number.items():
        poll.register(number, select.EPOLLIN)
        sent_at[number] = perf_counter()
        each.sendall(next(waiting))
    while len(latencies) < len(requests):
        for number, _ in _ready(poll):
            each = by_number[number]
            answer = partly.pop(number, b"") + each.recv(READ_BYTES)
            if not complete(answer):
                partly[number] = answer
                continue
            now = perf_counter()
            latencies.append(now - sent_at[number])
            following = next(waiting, None)
            if following is not None:
                sent_at[number] = now
                each.sendall(following)
    poll.close()
    return Sent(perf_counter() - start, latencies)


def _ready(poll: select.epoll) -> list[tuple[int, int]]:
    ready = poll.poll(SILENCE_SECONDS)
    if not ready:
        raise NotAccepted(b"silence")
    return ready


def complete(answer: bytes) -> bool:
    """Whether a 200 and its body are all there. Raises NotAccepted."""
    if not answer.startswith(b"HTTP/1.1 200"):
        raise NotAccepted(answer)
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    _, _, length = head.lower().partition(b"content-length: ")
    return len(body) >= int(length.partition(b"\r\n")[0])
