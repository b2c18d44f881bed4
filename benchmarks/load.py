"""Webhook requests over many kept connections, from one thread that does next to nothing else."""

from __future__ import annotations

import gc
import select
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep

from benchmarks.latency import Sent

READ_BYTES = 65536
SILENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.003  # between connects: of a burst, one worker would accept nearly all

Told = Callable[[int, float], object]
"""Told of each 200: the number of the request, and when it was there, in monotonic seconds."""


class NotAccepted(Exception):
    """The server answered something else than 200, or nothing."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(f"not accepted: {answer[:200]!r}")


def send(
    port: int,
    requests: Sequence[bytes],
    connections: int,
    due_seconds: Sequence[float] = (),
    told: Told = lambda number, at: None,
) -> Sent:
    """Every request once; returns when all are answered 200. Raises NotAccepted.

    Each connection sends its next request when it has its answer, and not before that request is
    due, in seconds from the start; without `due_seconds` all are due at once.
    """
    with _connected(port, min(connections, len(requests))) as sockets, _without_collecting():
        return _Exchange(sockets, requests, due_seconds or [0.0] * len(requests), told).run()


class _Exchange:
    def __init__(
        self,
        sockets: Sequence[socket.socket],
        requests: Sequence[bytes],
        due_seconds: Sequence[float],
        told: Told,
    ) -> None:
        self._requests, self._due_seconds, self._told = requests, due_seconds, told
        self._idle = deque(sockets)
        self._by_file = {each.fileno(): each for each in sockets}
        self._asked: dict[int, tuple[int, float]] = {}  # file -> request, when it was sent
        self._partly: dict[int, bytes] = {}
        self._latencies: list[float] = []
        self._next = 0
        self._poll = select.epoll()
        for file in self._by_file:
            self._poll.register(file, select.EPOLLIN)

    def run(self) -> Sent:
        start = monotonic()
        while len(self._latencies) < len(self._requests):
            wait_seconds = self._send_what_is_due(start)
            ready = self._poll.poll(wait_seconds)
            if not ready and wait_seconds == SILENCE_SECONDS:
                raise NotAccepted(b"silence")
            for file, _ in ready:
                self._read(file)
        self._poll.close()
        return Sent(monotonic() - start, self._latencies)

    def _send_what_is_due(self, start: float) -> float:
        """Returns for how long there is nothing else to send, in seconds."""
        while self._idle and self._next < len(self._requests):
            now = monotonic()
            early = start + self._due_seconds[self._next] - now
            if early > 0:
                return early
            connection = self._idle.popleft()
            self._asked[connection.fileno()] = self._next, now
            connection.sendall(self._requests[self._next])
            self._next += 1
        return SILENCE_SECONDS

    def _read(self, file: int) -> None:
        connection = self._by_file[file]
        answer = self._partly.pop(file, b"") + connection.recv(READ_BYTES)
        if not complete(answer):
            self._partly[file] = answer
            return
        now, (number, sent_at) = monotonic(), self._asked.pop(file)
        self._latencies.append(now - sent_at)
        self._told(number, now)
        self._idle.append(connection)


def complete(answer: bytes) -> bool:
    """Whether a 200 and its body are all there. Raises NotAccepted."""
    if not answer.startswith(b"HTTP/1.1 200"):
        raise NotAccepted(answer)
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    _, _, length = head.lower().partition(b"content-length: ")
    return len(body) >= int(length.partition(b"\r\n")[0])


@contextmanager
def _connected(port: int, many: int) -> Iterator[list[socket.socket]]:
    sockets = []
    for _ in range(many):
        sockets.append(socket.create_connection(("127.0.0.1", port)))
        sockets[-1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sleep(PAUSE_SECONDS)
    try:
        yield sockets
    finally:
        for each in sockets:
            each.close()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No pause for garbage while something is timed."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
