"""CPU time of whole trees of processes: what a request costs, however busy the machine is."""

from __future__ import annotations

from collections.abc import Iterable

import psutil
import psycopg


def cpu_seconds(roots: Iterable[psutil.Process]) -> float:
    """User and system time of these processes and their living descendants."""
    return sum(_own(each) for root in roots for each in (root, *root.children(recursive=True)))


def postmaster(url: str) -> list[psutil.Process]:
    """The server's main process; none when the server is not on this machine."""
    with psycopg.connect(url) as connection:
        try:
            backend = psutil.Process(connection.info.backend_pid)
            parents = [backend.parent()] if backend.name() == "postgres" else []
        except psutil.NoSuchProcess:
            return []
    return [each for each in parents if each]


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended just now
        return 0.0
    return float(times.user + times.system)
