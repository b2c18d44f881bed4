"""A stand-in for a bad network: it passes bytes on, swallows an answer, or goes silent."""

import socket
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Proxy:
    """Listens on loopback before the server of `url`; `url` leads through it."""

    def __init__(self, url: str) -> None:
        server = conninfo_to_dict(url)
        self._server = (str(server["host"]), int(str(server.get("port", 5432))))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = make_conninfo(url, host="127.0.0.1", port=self._listener.getsockname()[1])
        self._swallow = Event()
        self._silent = Event()
        self.swallowed = Event()
        self._sockets: list[socket.socket] = [self._listener]

    def swallow_next_answer(self) -> None:
        """The server's next answer is lost, and the connection with it."""
        self._swallow.set()

    def go_silent(self) -> None:
        """From now on no answer arrives, though every connection stays up."""
        self._silent.set()

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self._sockets:
            _hang_up(each)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                Thread(target=self._pass_on, args=(client, server), daemon=True).start()
                Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        _hang_up(target)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if self._swallow.is_set():
                    self._swallow.clear()
                    self.swallowed.set()
                    break
                if not self._silent.is_set():
                    client.sendall(data)
        _hang_up(server)
        _hang_up(client)


def _hang_up(which: socket.socket) -> None:
    with suppress(OSError):
        which.shutdown(socket.SHUT_RDWR)
    which.close()
