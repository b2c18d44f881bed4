"""A throw-away cluster serves one run and leaves nothing, even when the run was killed."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.throwaway import own_folder, sweep, throwaway

OWNER = """
import sys, time
from pathlib import Path
from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.throwaway import own_folder
with own_folder(Path(sys.argv[1])) as folder:
    EmbeddedPostgres(folder / "home", durable=False).start()
    print(folder, flush=True)
    time.sleep(600)
"""


def test_a_throwaway_lives_as_long_as_its_block() -> None:
    with throwaway() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_setting('fsync')").fetchone() == ("off",)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_failing_run_leaves_nothing(place: Path) -> None:
    run = own_folder(place)
    folder = run.__enter__()
    server = EmbeddedPostgres(folder / "home", durable=False)
    server.start()

    assert not run.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert not server.is_running()
    assert not folder.exists()


def test_a_killed_run_is_swept_away_by_the_next_and_a_living_one_is_not(place: Path) -> None:
    place.chmod(0o755)
    command = [sys.executable, "-c", OWNER, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        server = EmbeddedPostgres(folder / "home", durable=False)

        sweep(place)
        assert server.is_running()

        owner.kill()
        owner.wait()
        sweep(place)
        assert not server.is_running()
        assert not folder.exists()


def test_a_left_over_that_cannot_be_removed_hinders_nobody(place: Path) -> None:
    broken = place / "billing-throwaway-broken"
    (broken / "home" / "pgdata").mkdir(parents=True)
    (broken / "owner").touch()

    with own_folder(place) as folder:
        assert folder.is_dir()
