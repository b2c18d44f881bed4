"""A private PostgreSQL for one machine: started when needed, found again, stopped when asked."""

from itertools import count
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Self

from ledger.embedded.cluster import make_cluster
from ledger.embedded.control import Control
from ledger.embedded.errors import StartFailed
from ledger.embedded.home import DATABASE, Home, Say, find_home, open_home
from ledger.embedded.postmaster import (
    forget_the_dead,
    living_postmaster,
    prove_durable,
    prove_ours,
)
from ledger.embedded.programs import programs_for

POLL_SECONDS = 0.05
POLLS_PER_REPORT = 100
PORT_ATTEMPTS = 5


def ensure(home: Path, say: Say = lambda _: None) -> str:
    """The address of the server in `home`, which is started if need be and left running."""
    return EmbeddedPostgres(home, say=say).start()


class EmbeddedPostgres:
    """A server with its data in the folder `home`, reached over loopback with a password.

    It outlives the process that started it. `durable=False` makes a throw-away cluster, which a
    crash may destroy. `programs` names a folder with another `initdb` and `pg_ctl`. `say` is
    told, in sentences, whatever takes long. All methods raise EmbeddedPostgresError.
    """

    def __init__(
        self,
        home: Path,
        *,
        durable: bool = True,
        programs: Path | None = None,
        say: Say = lambda _: None,
    ) -> None:
        self._requested = home
        self._durable = durable
        self._programs = programs
        self._say = say

    def start(self) -> str:
        """Start the server unless it runs, wait until it answers, and return its address."""
        home = open_home(self._requested, self._say)
        control = Control(home, programs_for(home.account, self._programs), self._say)
        with home.locked(self._say):
            if not living_postmaster(home.data):
                self._launch(home, control)
            if not self._answers(home, control):
                raise StartFailed(home.log, control.last_words(3))
            self._prepare(home)
        return home.url()

    def stop(self) -> None:
        """Stop the server if it runs, having seen that it is ours; raises ForeignServer."""
        if not self._requested.exists():
            return
        home = find_home(self._requested)
        control = Control(home, programs_for(home.account, self._programs), self._say)
        with home.locked(self._say):
            if self._answers(home, control):
                prove_ours(home.url("postgres"), home.data).close()
                control.stop("fast" if self._durable else "immediate")

    def is_running(self) -> bool:
        """Whether the server's main process lives, be it ready or still recovering."""
        return self.pid is not None

    @property
    def pid(self) -> int | None:
        """The number of its main process; none while it is stopped."""
        living = living_postmaster((self._requested / "pgdata").resolve())
        return living.pid if living else None

    @property
    def url(self) -> str:
        """Its address, running or not; raises NotCreated."""
        return find_home(self._requested).url()

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def _prepare(self, home: Home) -> None:
        """See that the server is what was asked for, and make its database the first time."""
        exists = "SELECT FROM pg_database WHERE datname = %s"
        with prove_ours(home.url("postgres"), home.data) as connection:
            if self._durable:
                prove_durable(connection, home.data)
            if connection.execute(exists, [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _launch(self, home: Home, control: Control) -> None:
        """Start the server where nobody serves, moving to another port if this one is taken."""
        home.rotate_log()
        with home.nobody_serving(self._say) as inherited:
            if not home.data.exists():
                self._say(f"making {home.path} for PostgreSQL, run by {home.account.name}")
                make_cluster(home, control.programs, inherited, durable=self._durable)
            forget_the_dead(home.data, home.account)
            ports = (home.choose_port(another=attempt > 0) for attempt in range(PORT_ATTEMPTS))
            if not any(control.start(port, inherited) for port in ports):
                raise StartFailed(home.log, control.last_words(3))

    def _answers(self, home: Home, control: Control) -> bool:
        """Wait for a living server to recover, however long it takes; False once it is gone."""
        for poll in count(1):
            living = living_postmaster(home.data)
            if not living:
                return False
            home.keep_port(living.port)
            if control.ping():
                return True
            if poll % POLLS_PER_REPORT == 0:
                self._say(f"PostgreSQL is not ready yet: {control.last_words()}")
            sleep(POLL_SECONDS)
        raise AssertionError("count() never ends")
