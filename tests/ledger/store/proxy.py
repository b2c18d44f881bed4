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
        self._marker = b""
        self._silent = Event()
        self.swallowed = Event()
        self._sockets: list[socket.socket] = [self._listener]

    def swallow_answer_to(self, marker: str) -> None:
        """The answer to the next message with `marker` is lost, and the connection with it."""
        self._marker = marker.encode()

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
                lost = Event()
                for work in (self._pass_on, self._answer):
                    Thread(target=work, args=(client, server, lost), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket, lost: Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self._marker and self._marker in data:
                    self._marker = b""
                    lost.set()
                server.sendall(data)
        _hang_up(server)

    def _answer(self, client: socket.socket, server: socket.socket, lost: Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if lost.is_set():
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
