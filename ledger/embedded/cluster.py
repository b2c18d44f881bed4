"""Makes the data folder of a private server, whole or not at all."""

import os
import shutil
from pathlib import Path

from ledger.embedded.home import USER, Home

SETTINGS = """
# Set for the private server; see ledger/embedded.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''      # the password is the only way in
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = log            # refusals are the caller's to report, with what they quote
log_checkpoints = off
"""
THROW_AWAY_SETTINGS = """
fsync = off                       # this cluster is made for one run and then deleted
full_page_writes = off
synchronous_commit = off
dynamic_shared_memory_type = mmap # inside the folder, so that nothing outlives it
"""
# Done as the server's user, in whose folder root had better write nothing itself.
APPEND = 'printf %s "$1" >> "$2"'


def make_cluster(home: Home, programs: Path, inherited: int, *, durable: bool) -> None:
    """Run `initdb` beside its final place and move the result there once it is complete.

    It inherits the lock of Home.nobody_serving, so that where its launcher is killed, the next
    one waits for its end before it clears up.
    """
    _remove_half_made(home)
    home.make_password()
    half_made = home.path / f"pgdata.new-{os.getpid()}"
    home.account.run(*_initdb(home, programs, half_made, durable=durable), keep=[inherited])
    settings = SETTINGS if durable else SETTINGS + THROW_AWAY_SETTINGS
    home.account.run("/bin/sh", "-c", APPEND, "sh", settings, half_made / "postgresql.conf")
    _sync(half_made / "postgresql.conf")
    half_made.rename(home.data)
    _sync(home.path)


def _initdb(home: Home, programs: Path, target: Path, *, durable: bool) -> list[str]:
    # The C locale sorts the same on every machine, and a system upgrade cannot change an index.
    return [
        str(programs / "initdb"),
        f"--pgdata={target}",
        f"--username={USER}",
        f"--pwfile={home.password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        *([] if durable else ["--no-sync"]),
    ]


def _remove_half_made(home: Home) -> None:
    for left_over in home.path.glob("pgdata.new-*"):
        shutil.rmtree(left_over)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
