"""Is the server of this folder alive, and is it the one that answers? Shown, never assumed."""

from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from ledger.embedded.account import Account
from ledger.embedded.errors import ForeignServer, NotDurable

CONNECT_SECONDS = 5
DURABILITY = ["fsync", "full_page_writes", "synchronous_commit"]


@dataclass(frozen=True)
class Postmaster:
    """The server's main process, as its pid file names it; the file may be stale."""

    pid: int
    data: Path
    port: int

    def alive(self) -> bool:
        """Whether that process lives and serves this folder: numbers of the dead are reused."""
        try:
            process = psutil.Process(self.pid)
            return process.name() == "postgres" and str(self.data) in process.cmdline()
        except psutil.Error:  # gone, or of a user whose processes are hidden from us
            return False


def pid_file(data: Path) -> Path:
    """Where PostgreSQL notes its process number."""
    return data / "postmaster.pid"


def named_postmaster(data: Path) -> Postmaster | None:
    """The process the pid file names, dead or alive; none without a readable pid file."""
    try:
        return _parsed(pid_file(data).read_text())
    except (FileNotFoundError, ValueError):  # absent, or not written whole
        return None


def _parsed(text: str) -> Postmaster:
    """Read the lines of a pid file: number, folder, time of start, port, and more."""
    pid, data, _started, port, *_ = text.splitlines()
    return Postmaster(int(pid), Path(data), int(port))


def living_postmaster(data: Path) -> Postmaster | None:
    """The server of `data` if it is alive."""
    named = named_postmaster(data)
    return named if named and named.alive() else None


def forget_the_dead(data: Path, account: Account) -> None:
    """Remove the pid file of a server known to be gone, as the user whose folder it is.

    Its number may be another process's by now, as with the low numbers of containers, and
    PostgreSQL would then refuse to start for ever.
    """
    account.run("/bin/rm", "-f", pid_file(data))


def prove_ours(url: str, data: Path) -> psycopg.Connection:
    """Connect, and see by SQL that the server is the living one of `data`; raises ForeignServer."""
    port = psycopg.conninfo.conninfo_to_dict(url)["port"]
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        raise ForeignServer(int(port or 0), data, str(error)) from error
    (theirs,) = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone() or ("",)
    if _parsed(theirs) != living_postmaster(data):
        connection.close()
        raise ForeignServer(int(port or 0), data, f"it says {theirs}")
    return connection


def prove_durable(connection: psycopg.Connection, data: Path) -> None:
    """See that what the server acknowledges survives a crash; raises NotDurable."""
    query = "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'"
    switched_off = tuple(name for (name, *_) in connection.execute(query, [DURABILITY]))
    if switched_off:
        raise NotDurable(data, switched_off)
