"""When a row becomes visible: asked for again and again, from its 200 on."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic, sleep

import msgspec
import psycopg

from benchmarks.load import send
from benchmarks.requests import signed

CONNECTIONS = 64
LOOK_SECONDS = 0.004  # how exact a delay is
PATIENCE_SECONDS = 60.0
QUERY = "SELECT event_id FROM finance.deliveries WHERE event_id = ANY(%s)"


class _Id(msgspec.Struct):
    id: str


def delays_seconds(
    url: str, port: int, bodies: Sequence[bytes], due_seconds: Sequence[float]
) -> list[float]:
    """Of each delivery, the time from its 200 until its row was seen.

    A process of its own sends, so that sending and looking do not wait for each other.
    """
    context = get_context("spawn")
    heard, tell = context.Pipe(duplex=False)
    sender = context.Process(target=_send, args=(port, list(bodies), list(due_seconds), tell))
    sender.start()
    tell.close()
    ids = [msgspec.json.decode(body, type=_Id).id for body in bodies]
    with psycopg.connect(url, autocommit=True, options="-c enable_seqscan=off") as connection:
        delays = _Watch(connection, heard, ids).delays()
    sender.join()
    return delays


class _Watch:
    def __init__(
        self, connection: psycopg.Connection[tuple[str]], heard: Connection, ids: Sequence[str]
    ) -> None:
        self._connection, self._heard, self._ids = connection, heard, ids
        self._acknowledged_at: dict[str, float] = {}  # of those not seen yet
        self._delays: list[float] = []

    def delays(self) -> list[float]:
        """Raises TimeoutError when nothing more becomes visible."""
        deadline = monotonic() + PATIENCE_SECONDS
        while len(self._delays) < len(self._ids):
            self._hear()
            if self._acknowledged_at and self._look():
                deadline = monotonic() + PATIENCE_SECONDS
            if monotonic() > deadline:
                raise TimeoutError(f"{len(self._acknowledged_at)} rows never became visible")
            sleep(LOOK_SECONDS)
        return self._delays

    def _hear(self) -> None:
        while self._heard.poll():
            try:
                number, at = self._heard.recv()
            except EOFError:
                return
            self._acknowledged_at[self._ids[number]] = at

    def _look(self) -> bool:
        found = self._connection.execute(QUERY, [list(self._acknowledged_at)]).fetchall()
        now = monotonic()
        self._delays += [now - self._acknowledged_at.pop(event_id) for (event_id,) in found]
        return bool(found)


def _send(
    port: int, bodies: Sequence[bytes], due_seconds: Sequence[float], tell: Connection
) -> None:
    def told(number: int, at: float) -> None:
        tell.send((number, at))

    send(port, list(signed(bodies)), CONNECTIONS, due_seconds, told)
