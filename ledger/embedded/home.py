"""The folder a private server lives in: its data, password, port, log and lock."""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ledger.embedded.account import Account, account_for
from ledger.embedded.errors import (
    NotCreated,
    NotOurFolder,
    PasswordMissing,
    SomethingElseThere,
    StillInUse,
)
from ledger.embedded.ports import free_port, is_free
from ledger.embedded.programs import STATE

Say = Callable[[str], None]
USER = DATABASE = "billing"
LOCK = "lock"
STILL_IN_USE_ATTEMPTS = 600
ATTEMPT_SECONDS = 0.1
LOG_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True)
class Home:
    """Paths inside one private folder (0700), and the account that owns it."""

    path: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.path / "pgdata"

    @property
    def log(self) -> Path:
        """What the server says about itself."""
        return self.path / "server.log"

    @property
    def password_file(self) -> Path:
        """Holds the only password, readable by its owner alone."""
        return self.path / "password"

    @property
    def port_file(self) -> Path:
        """Holds the port the server was last started on."""
        return self.path / "port"

    def url(self, database: str = DATABASE) -> str:
        """An address for psycopg and psql; raises NotCreated, PasswordMissing."""
        if not self.data.exists() or not self.port_file.exists():
            raise NotCreated(self.path)
        return f"postgresql://{USER}:{self.password()}@127.0.0.1:{self.port()}/{database}"

    def port(self) -> int:
        """The port the server was last started on."""
        return int(self.port_file.read_text())

    def keep_port(self, port: int) -> None:
        """Note the port the server says it is on."""
        if not self.port_file.exists() or self.port() != port:
            self._write(self.port_file, f"{port}\n")

    def choose_port(self, *, another: bool = False) -> int:
        """The port of last time while it is free, else a free one, kept for next time."""
        if another or not self.port_file.exists() or not is_free(self.port()):
            self.keep_port(free_port())
        return self.port()

    def password(self) -> str:
        """The password kept beside the data; raises PasswordMissing."""
        try:
            return self.password_file.read_text().strip()
        except FileNotFoundError:
            raise PasswordMissing(self.password_file) from None

    def make_password(self) -> None:
        """Write a random password, once."""
        if not self.password_file.exists():
            self._write(self.password_file, f"{secrets.token_urlsafe(32)}\n")

    @contextmanager
    def nobody_serving(self, say: Say) -> Iterator[int]:
        """Wait until no process of an earlier server is left; raises StillInUse.

        The open file given is for the new server to inherit: the lock on it lasts as long as any
        process of that server, whatever its number, and is seen from other containers too.
        """
        with _open(self.path / "serving", self.account) as file:
            for attempt in range(STILL_IN_USE_ATTEMPTS):
                if _try_lock(file):
                    break
                if attempt == 0:
                    say(f"waiting for the last processes of a killed server in {self.path}")
                time.sleep(ATTEMPT_SECONDS)
            else:
                raise StillInUse(self.path, STILL_IN_USE_ATTEMPTS * ATTEMPT_SECONDS)
            yield file.fileno()

    @contextmanager
    def locked(self, say: Say) -> Iterator[None]:
        """Be the only launcher here until the block ends."""
        with _open(self.path / LOCK, self.account) as lock:
            if not _try_lock(lock):
                say(f"waiting for another launcher in {self.path}")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, path: Path, text: str) -> None:
        """Write a private file of the account's, there whole or not at all, come a power cut."""
        half_made = path.with_name(f".{path.name}.{os.getpid()}")
        with _open(half_made, self.account) as file:
            file.truncate()
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half_made.replace(path)

    def rotate_log(self) -> None:
        """Keep one old log, so that a folder used for years stays small."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))


def open_home(requested: Path, say: Say) -> Home:
    """Make the folder where it is wanted and may be; raises NotOurFolder, SomethingElseThere."""
    requested = requested.absolute()
    account = account_for(requested)
    _make_parents(requested, account)
    if not requested.exists() and not account.reaches(requested.parent):
        _link_to_state(requested, account, say)
    path = requested.resolve()
    path.mkdir(mode=0o700, exist_ok=True)
    _make_private(path, account)
    return Home(path, account)


def _make_parents(folder: Path, account: Account) -> None:
    """Make what is missing above the folder; in the account's own place it is the account's."""
    for parent in reversed([parent for parent in folder.parents if not parent.exists()]):
        parent.mkdir(exist_ok=True)
        if parent.parent.stat().st_uid == account.uid:
            account.own(parent)


def find_home(requested: Path) -> Home:
    """The folder as an earlier start left it; raises NotCreated, NotOurFolder."""
    path = requested.resolve()
    if not (path / LOCK).exists():
        raise NotCreated(path)
    account = account_for(path)
    if path.stat().st_uid != account.uid:
        raise NotOurFolder(path, path.stat().st_uid, account.uid)
    return Home(path, account)


def _make_private(path: Path, account: Account) -> None:
    if path.stat().st_uid not in {account.uid, os.geteuid()}:
        raise NotOurFolder(path, path.stat().st_uid, account.uid)
    if any(path.iterdir()) and not (path / LOCK).exists():
        raise SomethingElseThere(path)  # a slip in a setting must not change who may read /home
    _open(path / LOCK, account).close()
    account.own(path)
    path.chmod(0o700)


def _link_to_state(requested: Path, account: Account, say: Say) -> None:
    """Put root's data where an unprivileged server can reach it, and leave a link in its place."""
    name = hashlib.sha256(os.fsencode(requested)).hexdigest()[:12]
    real = STATE / f"{requested.name}-{name}"
    say(f"{account.name} cannot reach {requested}: the data is kept in {real}")
    STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    real.mkdir(mode=0o700, exist_ok=True)
    if not requested.is_symlink():
        requested.symlink_to(real)


def _open(path: Path, account: Account) -> TextIO:
    """Open or make a private file of the account's; no link, or it could lead root astray."""
    handle = os.open(path, os.O_CREAT | os.O_NOFOLLOW | os.O_WRONLY, 0o600)
    account.own(path)
    return os.fdopen(handle, "w")


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
