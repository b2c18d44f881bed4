"""Ports for programs that are told theirs: none that somebody else is given before they listen."""

from __future__ import annotations

import os
import socket
from itertools import count

FIRST = 10_000  # with all that follow, below those of private databases: ledger/embedded/ports.py
COUNT = 600  # for each of the test processes of a run, which are sixteen at most
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw15").removeprefix("gw")) % 16
_numbers = count(os.getpid() * 97)  # another run's begin elsewhere


def free_port() -> int:
    """A port nobody listens on, another one each time."""
    while True:
        port = FIRST + _worker * COUNT + next(_numbers) % COUNT
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
