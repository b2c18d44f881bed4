"""Which process leads: the one whose connection holds the lead in the database."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import psutil
import psycopg

from ledger.store.names import lock_key
from tests.system.installation import NAMES, Installation
from tests.system.patience import until
from tests.system.programs import Program, children

SCHEMAS = {
    "bookkeeper": NAMES.ledger,
    "fetcher": NAMES.ledger,
    "projector": NAMES.projections,
    "sealer": NAMES.ledger,
}

_HOLDER = """
SELECT a.client_port, a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
   AND (l.classid::bigint << 32) | l.objid::bigint = %s
"""


def leader(installation: Installation, worker: str) -> psutil.Process:
    """The process that leads as `worker`, such as `bookkeeper` or `sealer`, once there is one."""
    found: list[psutil.Process] = []

    def is_found() -> bool:
        port, _ = _holder(installation.url, worker)
        found.extend(_with_port(port, installation.programs))
        return bool(found)

    until(is_found, f"a {worker} to lead")
    return found[0]


def kill(process: psutil.Process) -> None:
    """End a process as a power cut would, and wait until it leads no longer."""
    process.kill()
    until_gone(process)


def cut_off(installation: Installation, worker: str) -> None:
    """Break the connection by which `worker` leads, and no other: it works on, unaware."""
    leader(installation, worker)
    _, backend = _holder(installation.url, worker)
    with psycopg.connect(installation.url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [backend])


def _holder(url: str, worker: str) -> tuple[int, int]:
    """The client's port and the server's process of the connection that leads; (0, 0) if none."""
    key = lock_key(f"leadership {worker} of {SCHEMAS[worker]}")
    with psycopg.connect(url) as connection:
        row = connection.execute(_HOLDER, [key]).fetchone()
    return row or (0, 0)


def until_gone(process: psutil.Process) -> None:
    """Wait for the end of a process that is nobody's child any more."""
    until(lambda: _is_gone(process), f"process {process.pid} to end")


def _is_gone(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def _with_port(port: int, programs: Iterable[Program]) -> list[psutil.Process]:
    return [
        process for program in programs for process in children(program) if port in _ports(process)
    ]


def _ports(process: psutil.Process) -> set[int]:
    with suppress(psutil.NoSuchProcess):
        return {each.laddr.port for each in process.net_connections("tcp")}
    return set()
