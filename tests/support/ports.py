"""Ports for programs that are told theirs: none that somebody else is given before they listen."""

from __future__ import annotations

import os
import socket
from itertools import count

FIRST, COUNT = 12_000, 18_000  # below those that the system gives to whoever asks for any
_numbers = count(os.getpid() * 997)  # test processes begin far from each other


def free_port() -> int:
    """A port nobody listens on, another one each time."""
    while True:
        port = FIRST + next(_numbers) % COUNT
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
