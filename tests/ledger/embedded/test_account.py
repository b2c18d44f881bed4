"""The server runs unprivileged, whoever starts it and wherever its folder is."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from ledger.embedded import home, programs
from ledger.embedded.account import Account, account_for
from ledger.embedded.errors import NotOurFolder
from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.programs import programs_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def ordinary() -> Account:
    """A user with no rights, as whom programs may be run."""
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, changed=True)


@pytest.fixture
def private(place: Path) -> Iterator[Path]:
    """A folder only root may enter, as root's own folder is."""
    folder = Path(tempfile.mkdtemp(dir=place))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def state(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for root's state folder."""
    folder = place / "state"
    monkeypatch.setattr(home, "STATE", folder)
    monkeypatch.setattr(programs, "STATE", folder)
    return folder


def test_root_runs_the_server_as_a_user_without_rights(server: EmbeddedPostgres) -> None:
    server.start()

    assert 0 not in psutil.Process(server.pid).uids()


def test_root_runs_the_server_as_the_one_who_owns_the_place(
    server: EmbeddedPostgres, place: Path, ordinary: Account
) -> None:
    ordinary.own(place)

    server.start()

    assert psutil.Process(server.pid).uids().real == ordinary.uid
    assert (place / "home").stat().st_uid == ordinary.uid


def test_owners_without_a_name_are_passed_over(place: Path) -> None:
    os.chown(place, 4_000_000, 4_000_000)

    assert account_for(place / "home").name in {"postgres", "nobody"}


def test_data_below_roots_own_folder_is_kept_where_the_server_reaches_it(
    private: Path, state: Path
) -> None:
    said: list[str] = []
    server = EmbeddedPostgres(private / ".data" / "postgres", say=said.append)
    with server:
        url = server.url
        assert (private / ".data" / "postgres").resolve().parent == state
        assert any(f"the data is kept in {state}" in sentence for sentence in said)

    assert server.start() == url
    server.stop()


def test_programs_below_roots_own_folder_are_copied_and_run(
    private: Path, state: Path, place: Path, ordinary: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = programs.wheel_programs()
    hidden = private / programs.PACKAGE / wheel.parent.name
    shutil.copytree(wheel.parent, hidden, symlinks=True)
    libraries = f"{programs.PACKAGE}.libs"
    shutil.copytree(wheel.parents[2] / libraries, private / libraries)
    monkeypatch.setattr(programs, "wheel_programs", lambda: hidden / "bin")

    copy = programs_for(ordinary)

    assert copy.is_relative_to(state)
    assert programs_for(ordinary) == copy
    with EmbeddedPostgres(place / "home", durable=False) as server:
        assert str(state) in psutil.Process(server.pid).cmdline()[0]


def test_an_ordinary_user_needs_no_root(place: Path, ordinary: Account) -> None:
    python = interpreter(ordinary)
    ordinary.own(place)

    url = ledger_embedded(python, ordinary, "start", place)

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert ledger_embedded(python, ordinary, "status", place) == "running"
    assert ledger_embedded(python, ordinary, "stop", place) == "stopped"
    assert ledger_embedded(python, ordinary, "status", place) == "stopped"


def test_root_and_the_owner_may_take_turns(place: Path, ordinary: Account) -> None:
    python = interpreter(ordinary)
    ordinary.own(place)
    server = EmbeddedPostgres(place / ".data" / "home")

    url = server.start()

    for command, answer in [("stop", "stopped"), ("start", url), ("url", url)]:
        assert ledger_embedded(python, ordinary, command, place / ".data") == answer
    server.stop()
    assert ledger_embedded(python, ordinary, "start", place / ".data") == url
    server.stop()


@pytest.mark.parametrize("name", ["lock", "serving"])
def test_a_link_planted_in_the_folder_does_not_lead_root_astray(
    server: EmbeddedPostgres, place: Path, name: str
) -> None:
    server.start()
    server.stop()
    precious = place / "precious"
    precious.write_text("kept")
    genuine = (place / "home" / name).rename(place / "home" / "genuine")
    genuine.with_name(name).symlink_to(precious)

    with pytest.raises(OSError, match="symbolic links"):
        server.start()

    assert precious.read_text() == "kept"
    assert precious.stat().st_uid == 0
    genuine.replace(place / "home" / name)


def ledger_embedded(python: list[str | Path], account: Account, command: str, place: Path) -> str:
    """The last line of what the command says to this user."""
    words = [*python, "-m", "ledger.embedded", command, "--data", place / "home"]
    return account.run(*words).splitlines()[-1]


def test_an_ordinary_user_is_told_whose_folder_it_is(place: Path, ordinary: Account) -> None:
    python = interpreter(ordinary)
    (place / "home").mkdir(mode=0o755)
    words = [*python, "-m", "ledger.embedded", "start", "--data", str(place / "home")]

    refused = subprocess.run(words, user=ordinary.uid, capture_output=True, text=True, check=False)

    assert refused.returncode == 1
    assert refused.stderr.strip() == str(NotOurFolder(place / "home", 0, ordinary.uid))


def interpreter(account: Account) -> list[str | Path]:
    """A command for a Python with our packages that this user may run."""
    packages = [Path(__file__).parents[3], Path(psycopg.__file__).parents[1]]
    setting = os.pathsep.join(str(folder) for folder in packages)
    for python in (sys.executable, "/usr/bin/python3"):
        reached = all(account.reaches(path) for path in (Path(python), *packages))
        if reached and _version(python) == sys.version_info[:2]:
            return ["/usr/bin/env", f"PYTHONPATH={setting}", python, "-P"]
    pytest.skip("Python or this project is in a folder that only root may enter")


def _version(python: str) -> tuple[int, ...]:
    said = subprocess.check_output([python, "-c", "import sys; print(*sys.version_info[:2])"])
    return tuple(int(number) for number in said.split())
