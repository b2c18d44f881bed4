"""Starts and stops the server of one folder through PostgreSQL's own `pg_ctl`."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from psycopg.pq import PGconn, Ping

from ledger.embedded.errors import ProgramFailed, StartFailed
from ledger.embedded.home import Home, Say

PROGRESS_SECONDS = 5
PING_SECONDS = 2
PATIENCE_SECONDS = 7 * 24 * 3600  # a recovery takes what it takes; pg_ctl ends when the server does
PORT_TAKEN = "could not bind"


@dataclass(frozen=True)
class Control:
    """The levers of one server; `say` hears of whatever takes long."""

    home: Home
    programs: Path
    say: Say

    def start(self, port: int, inherited: int) -> bool:
        """Start and wait until ready; False when the port was taken; raises StartFailed."""
        log = self.home.log
        logged_before = log.stat().st_size if log.exists() else 0
        code, _ = self._pg_ctl("start", "-l", str(log), "-o", f"-p {port}", keep=[inherited])
        if code != 0 and PORT_TAKEN not in log.read_text(errors="replace")[logged_before:]:
            raise StartFailed(log, self.last_words(3))
        return code == 0

    def stop(self, mode: str) -> None:
        """Stop and wait until the server is gone; raises ProgramFailed."""
        code, said = self._pg_ctl("stop", "-m", mode)
        if code != 0:
            raise ProgramFailed("pg_ctl stop", self.home.account.name, said)

    def ping(self) -> bool:
        """Whether a server on our port takes connections; which server is not looked at."""
        address = f"{self.home.url('postgres')}?connect_timeout={PING_SECONDS}"
        return Ping(PGconn.ping(address.encode())) == Ping.OK

    def last_words(self, lines: int = 1) -> str:
        """The newest lines of the log, in one."""
        said = self.home.log.read_text(errors="replace").splitlines()[-lines:]
        return " / ".join(said) or "it said nothing"

    def _pg_ctl(self, *options: str, keep: list[int] | None = None) -> tuple[int, str]:
        command = (self.programs / "pg_ctl", "-D", self.home.data, "-w", "-t", PATIENCE_SECONDS)
        words = [str(word) for word in (*command, *options)]
        with self.home.account.popen(*words, keep=keep or []) as process:
            while True:
                try:
                    said, _ = process.communicate(timeout=PROGRESS_SECONDS)
                except subprocess.TimeoutExpired:
                    self.say(f"still waiting for PostgreSQL: {self.last_words()}")
                else:
                    return process.returncode, said
