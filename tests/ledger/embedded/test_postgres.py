"""The private PostgreSQL starts, is found again, survives being killed, and harms no stranger."""

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from ledger.embedded.errors import (
    ForeignServer,
    NotCreated,
    NotDurable,
    PasswordMissing,
    ProgramsMissing,
    SomethingElseThere,
    StartFailed,
)
from ledger.embedded.postgres import EmbeddedPostgres, ensure
from ledger.embedded.postmaster import prove_ours
from tests.system.patience import until


def kill(server: EmbeddedPostgres) -> None:
    """End the server's main process as a power cut would, and wait until it is gone."""
    psutil.Process(server.pid).kill()
    while server.is_running():
        continue


def write(url: str, value: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value bigint)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def written(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM kept ORDER BY value")]


def test_a_server_is_started_once_and_then_found(server: EmbeddedPostgres, place: Path) -> None:
    url = server.start()
    write(url, 1)
    pid = server.pid

    assert ensure(place / "home") == server.start() == server.url == url
    assert server.pid == pid
    assert written(url) == [1]


def test_data_and_address_outlive_a_stop(server: EmbeddedPostgres) -> None:
    with server:
        write(server.url, 1)
        url = server.url
    assert not server.is_running()

    assert server.start() == url
    assert written(url) == [1]


def test_stopping_what_never_ran_does_nothing(server: EmbeddedPostgres, place: Path) -> None:
    server.stop()

    assert not server.is_running()
    assert not (place / "home").exists()
    with pytest.raises(NotCreated, match="no PostgreSQL was started"):
        _ = server.url


def test_what_was_committed_survives_kill_9_of_the_server(server: EmbeddedPostgres) -> None:
    for value in range(3):
        write(server.start(), value)
        kill(server)
        assert not server.is_running()

    assert written(server.start()) == [0, 1, 2]


def test_a_start_waits_for_a_server_that_does_not_answer_yet(
    server: EmbeddedPostgres, place: Path
) -> None:
    url = server.start()
    process = psutil.Process(server.pid)
    process.suspend()
    launcher = launch(place / "home")
    with pytest.raises(subprocess.TimeoutExpired):
        launcher.communicate(timeout=1)

    process.resume()
    assert launcher.communicate()[0].strip() == url


def test_a_start_waits_for_the_last_processes_of_a_killed_server(place: Path) -> None:
    said: list[str] = []
    server = EmbeddedPostgres(place / "home", say=said.append)
    server.start()
    server.stop()
    straggler = subprocess.Popen(
        ["/bin/sh", "-c", "read forever"],
        stdin=subprocess.PIPE,
        pass_fds=[held := lock(place / "home" / "serving")],
    )
    os.close(held)
    starting = threading.Thread(target=server.start)
    starting.start()
    until(lambda: any("last processes of a killed server" in each for each in said), "it to wait")
    starting.join(0.3)
    assert starting.is_alive()
    assert not server.is_running()

    straggler.communicate(b"go\n")
    starting.join()
    assert server.is_running()


def lock(path: Path) -> int:
    handle = os.open(path, os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


@pytest.mark.parametrize("made", ["lock", "password", "pgdata.new-*", "pgdata", "server.log"])
def test_a_launcher_killed_on_the_way_leaves_nothing_in_the_way(
    server: EmbeddedPostgres, place: Path, made: str
) -> None:
    launcher = launch(place / "home")
    while launcher.poll() is None and not list((place / "home").glob(made)):
        continue
    launcher.kill()
    launcher.communicate()

    write(server.start(), 1)
    assert written(server.url) == [1]
    assert not list((place / "home").glob("pgdata.new-*"))


def test_launchers_racing_on_one_folder_share_one_server(
    server: EmbeddedPostgres, place: Path
) -> None:
    launchers = [launch(place / "home") for _ in range(4)]

    answers = {launcher.communicate()[0].strip() for launcher in launchers}

    assert answers == {server.url}
    assert [launcher.returncode for launcher in launchers] == [0, 0, 0, 0]


def launch(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "ledger.embedded", "start", "--data", str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_stranger_on_our_port_is_left_alone(server: EmbeddedPostgres) -> None:
    with server:
        port = psycopg.conninfo.conninfo_to_dict(server.url)["port"]
    with socket.create_server(("127.0.0.1", int(port or 0))) as stranger:
        url = server.start()

        assert f":{port}/" not in url
        write(url, 1)
        assert stranger.getsockname()[1] == int(port or 0)


def test_a_pid_file_naming_a_living_stranger_harms_neither(
    server: EmbeddedPostgres, place: Path
) -> None:
    write(server.start(), 1)
    kill(server)
    pid_file = place / "home" / "pgdata" / "postmaster.pid"
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

        server.stop()
        assert not server.is_running()
        assert written(server.start()) == [1]
        assert stranger.poll() is None
        stranger.kill()


def test_a_pid_file_cut_short_by_a_crash_is_no_hindrance(
    server: EmbeddedPostgres, place: Path
) -> None:
    write(server.start(), 1)
    kill(server)
    (place / "home" / "pgdata" / "postmaster.pid").write_text("")

    assert written(server.start()) == [1]


def test_another_server_is_never_taken_for_ours(server: EmbeddedPostgres, place: Path) -> None:
    server.start()
    with EmbeddedPostgres(place / "other", durable=False) as other:
        pid_file = (place / "home" / "pgdata" / "postmaster.pid").read_text()
        (place / "other" / "pgdata" / "theirs.pid").write_text(pid_file)

        with pytest.raises(ForeignServer, match="it was left alone"):
            prove_ours(server.url, place / "other" / "pgdata")
        with pytest.raises(ForeignServer, match="password"):
            prove_ours(server.url.replace("billing:", "billing:x"), place / "home" / "pgdata")
        assert other.is_running()
    assert server.is_running()


def test_stop_refuses_to_end_a_server_that_is_not_ours(
    server: EmbeddedPostgres, place: Path
) -> None:
    server.start()
    password = place / "home" / "password"
    ours = password.read_text()
    password.write_text("another\n")

    with pytest.raises(ForeignServer):
        server.stop()
    assert server.is_running()
    password.write_text(ours)


def test_the_data_is_private_and_the_password_the_only_way_in(
    server: EmbeddedPostgres, place: Path
) -> None:
    url = server.start()

    home = place / "home"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
    with psycopg.connect(url) as connection:
        settings = connection.execute(
            "SELECT current_setting('listen_addresses'), "
            "current_setting('unix_socket_directories'), current_setting('password_encryption')"
        ).fetchone()
    assert settings == ("127.0.0.1", "", "scram-sha-256")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace("billing:", "billing:x"))


def test_a_throwaway_is_not_taken_for_a_durable_server(place: Path) -> None:
    with EmbeddedPostgres(place / "home", durable=False):
        with pytest.raises(NotDurable) as refusal:
            EmbeddedPostgres(place / "home").start()
        assert set(refusal.value.switched_off) == {
            "fsync",
            "full_page_writes",
            "synchronous_commit",
        }


def test_a_folder_with_other_files_is_refused_and_not_touched(place: Path) -> None:
    (place / "letter").write_text("dear")
    mode = place.stat().st_mode

    with pytest.raises(SomethingElseThere):
        EmbeddedPostgres(place).start()
    assert place.stat().st_mode == mode


def test_a_lost_password_is_said_to_be_lost(server: EmbeddedPostgres, place: Path) -> None:
    server.start()
    password = (place / "home" / "password").rename(place / "home" / "moved")

    with pytest.raises(PasswordMissing, match="put it back"):
        server.start()
    password.rename(place / "home" / "password")


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres, place: Path) -> None:
    server.start()
    server.stop()
    with open(place / "home" / "pgdata" / "postgresql.conf", "a") as settings:
        settings.write("shared_buffers = '900TB'\n")

    with pytest.raises(StartFailed, match="900TB"):
        server.start()


def test_a_folder_without_programs_is_refused(place: Path) -> None:
    with pytest.raises(ProgramsMissing, match="DATABASE_URL"):
        EmbeddedPostgres(place / "home", programs=place).start()


def test_a_server_already_stopping_is_waited_for(server: EmbeddedPostgres) -> None:
    server.start()
    psutil.Process(server.pid).send_signal(signal.SIGINT)
    server.stop()

    assert not server.is_running()
