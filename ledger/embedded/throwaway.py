"""A cluster for one run: quick, on memory where there is some, and gone afterwards in any case."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.embedded.errors import EmbeddedPostgresError
from ledger.embedded.postgres import EmbeddedPostgres

PREFIX = "billing-throwaway-"
MEMORY = Path("/dev/shm")  # noqa: S108 - a fresh private folder is made below it


@contextmanager
def throwaway(programs: Path | None = None) -> Iterator[str]:
    """The address of a fresh cluster that trades durability for speed, deleted at the end."""
    with (
        own_folder(fast_place()) as folder,
        EmbeddedPostgres(folder / "home", durable=False, programs=programs) as server,
    ):
        yield server.url


def fast_place() -> Path:
    """Memory, where the system offers it as a folder, else its folder for temporary files."""
    return MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())


@contextmanager
def own_folder(place: Path) -> Iterator[Path]:
    """A folder below `place` for this run's servers, deleted at its end or by a later run."""
    sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    with open(folder / "owner.new", "w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        os.rename(owner.name, folder / "owner")  # seen by a sweep only once it is locked
        folder.chmod(0o711)  # an unprivileged server passes through to its own folder
        try:
            yield folder
        finally:
            _delete(folder)


def sweep(place: Path) -> None:
    """Delete what runs that were killed left behind: folders whose owner holds no lock on them."""
    for owner in place.glob(f"{PREFIX}*/owner"):
        try:
            with open(owner, "r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _delete(owner.parent)
        except (OSError, EmbeddedPostgresError):  # in use, another user's, or beyond us
            continue


def _delete(folder: Path) -> None:
    for data in folder.glob("*/pgdata"):
        EmbeddedPostgres(data.parent, durable=False).stop()
    shutil.rmtree(folder)
