"""CPU time of whole trees of processes: what a request costs, however busy the machine is."""

from __future__ import annotations

import resource
from collections.abc import Iterable, Sequence

import psutil
import psycopg


def cpu_seconds(roots: Iterable[psutil.Process], ended: bool = False) -> float:
    """User and system time of these processes and their living descendants.

    `ended` adds the descendants that ended before.
    """
    trees = [(root, *root.children(recursive=True)) for root in roots]
    return sum(_seconds(each, ended) for tree in trees for each in tree)


class Noise:
    """How much of the machine other people's processes take, from the making of this on."""

    def __init__(self, database: Sequence[psutil.Process]) -> None:
        self._database = database
        self._start = self._now()

    def share(self) -> float:
        """Of all cores' time, 0 to 1. Exact once the processes we started have ended."""
        spent, busy, ours = (now - then for now, then in zip(self._now(), self._start, strict=True))
        return max(0.0, busy - ours) / spent

    def _now(self) -> tuple[float, float, float]:
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
        spent = sum(times) - guests  # which user time has in it already
        return spent, spent - idle, _ours_seconds() + cpu_seconds(self._database, ended=True)


def postmaster(url: str) -> list[psutil.Process]:
    """The server's main process; none when the server is not on this machine."""
    with psycopg.connect(url) as connection:
        try:
            backend = psutil.Process(connection.info.backend_pid)
            parents = [backend.parent()] if backend.name() == "postgres" else []
        except psutil.NoSuchProcess:
            return []
    return [each for each in parents if each]


def _seconds(process: psutil.Process, ended: bool) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended just now
        return 0.0
    children = times.children_user + times.children_system if ended else 0.0
    return float(times.user + times.system + children)


def _ours_seconds() -> float:
    """This process and all it started that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in usages)
