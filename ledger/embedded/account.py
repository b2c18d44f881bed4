"""Which operating system user runs the server: ourselves, or for root an ordinary one."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.embedded.errors import ProgramFailed

SYSTEM_ACCOUNTS = ("postgres", "nobody")
CLEAN_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}


@dataclass(frozen=True)
class Account:
    """A user able to run PostgreSQL, which refuses root; `changed` when it is not ourselves."""

    name: str
    uid: int
    gid: int
    changed: bool

    def run(self, *command: str | Path, keep: Sequence[int] = ()) -> str:
        """Run a program as this user and return what it printed; raises ProgramFailed."""
        with self.popen(*command, keep=keep) as process:
            said, _ = process.communicate()
        if process.returncode != 0:
            raise ProgramFailed(Path(command[0]).name, self.name, said)
        return said

    def popen(self, *command: str | Path, keep: Sequence[int] = ()) -> "subprocess.Popen[str]":
        """Begin a program as this user; it inherits the open files `keep` and has one pipe."""
        try:
            return subprocess.Popen(
                command,
                cwd="/",
                env=CLEAN_ENVIRONMENT,
                umask=0o077,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=keep,
                user=self.uid if self.changed else None,
                group=self.gid if self.changed else None,
                extra_groups=[] if self.changed else None,
            )
        except OSError as error:
            raise ProgramFailed(Path(command[0]).name, self.name, str(error)) from error

    def reaches(self, path: Path) -> bool:
        """Whether this user may enter the folder, or run the file, at `path`."""
        if not self.changed:
            return True
        try:
            self.run("/bin/sh", "-c", 'test -x "$1"', "sh", path)
        except ProgramFailed:
            return False
        return True

    def own(self, path: Path) -> None:
        """Give `path` itself, not what it may link to, to this user where another made it."""
        if self.changed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(folder: Path) -> Account:
    """Who runs the server of `folder`: for root, whoever owns the place, else a system account."""
    if os.geteuid() != 0:
        return Account(f"uid {os.geteuid()}", os.geteuid(), os.getegid(), changed=False)
    entry = _owner(folder) or _system_account()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, changed=True)


def _owner(folder: Path) -> pwd.struct_passwd | None:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    uid = existing.stat().st_uid
    try:
        return pwd.getpwuid(uid) if uid != 0 else None
    except KeyError:  # files from a container or an archive; initdb wants a user with a name
        return None


def _system_account() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in SYSTEM_ACCOUNTS if name in known)
