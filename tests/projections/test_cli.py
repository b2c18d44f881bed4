"""The commands, as an operator runs them."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

from ledger.application import Inbox
from ledger.cli import main
from ledger.delivery import Delivery, Envelope
from projections.engine import fold_until
from projections.fingerprint import fingerprint
from projections.generations import NoGeneration
from projections.registry import PROJECTIONS
from projections.schema import connect
from tests.projections.given import JAN_1
from tests.projections.ledger import NAMES, reading, stored

PATIENCE_SECONDS = 120.0


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database that the settings name."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def billing(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def receive(url: str, *numbers: int) -> None:
    """Keep deliveries of a kind the ledger ignores."""
    inbox = Inbox(url, NAMES, pool_size=1)
    for number in numbers:
        envelope = Envelope("stripe", f"evt_{number}", "of.no.interest", JAN_1, False)
        inbox.receive(Delivery(envelope, JAN_1, {}, b"{}"))
    inbox.close()


def status() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(billing("status", "--json").stdout)
    return found


def test_migrate_may_run_again(url: str) -> None:
    assert billing("migrate").exit_code == 0
    assert billing("migrate").output == "ready: finance reads schema finance\n"


def test_work_until_idle_works_everything_off(url: str) -> None:
    receive(url, 1, 2, 3)

    assert billing("work", "--until-idle").exit_code == 0

    assert len(stored(url)["deliveries"]) == 3
    assert status()["deliveries"] == {"ignored": 3}


def test_status_is_1_when_work_waits_and_nobody_does_it(url: str) -> None:
    billing("migrate")
    assert billing("status").exit_code == 0

    receive(url, 1)

    behind = billing("status")
    assert behind.exit_code == 1
    assert "bookkeeper  not running, at 0 of 1, 1 behind" in behind.output


def test_status_before_the_migration_is_one_sentence(url: str) -> None:
    result = billing("status")

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1


def test_the_fingerprint_is_the_last_word(url: str) -> None:
    receive(url, 1)
    billing("work", "--until-idle")

    last = billing("fingerprint").output.split()[-1]

    with reading(url) as reader:
        assert last == fingerprint(fold_until(reader, PROJECTIONS))


def test_a_rebuild_without_a_difference_switches_by_itself(url: str) -> None:
    receive(url, 1)
    billing("work", "--until-idle")

    result = billing("rebuild")

    assert result.exit_code == 0
    assert result.output.endswith("finance reads generation 2 at position 1\n")
    assert "folding" not in result.output


def test_a_rebuild_with_a_difference_asks_first(url: str) -> None:
    receive(url, 1)
    billing("work", "--until-idle")
    with connect(url, NAMES) as connection:
        connection.execute("DELETE FROM billing_projections.deliveries_1")

    asked = billing("rebuild")

    assert asked.exit_code == 1
    assert "deliveries             1 rows, 1 added, 0 gone, 0 changed" in asked.output
    assert stored(url)["deliveries"] == {}
    assert billing("rebuild", "--yes").exit_code == 0
    assert len(stored(url)["deliveries"]) == 1
    assert billing("rebuild", "--back").exit_code == 0
    assert stored(url)["deliveries"] == {}


def test_a_machine_is_never_asked(url: str) -> None:
    receive(url, 1)
    billing("work", "--until-idle")
    with connect(url, NAMES) as connection:
        connection.execute("DELETE FROM billing_projections.deliveries_1")

    refused, switched = billing("rebuild", "--json"), billing("rebuild", "--json", "--yes")

    assert refused.exit_code == 1
    told = json.loads(refused.stdout)
    assert told["switched_to"] is None
    assert [(each["table"], each["added"]) for each in told["differences"]] == [("deliveries", 1)]
    assert switched.exit_code == 0
    assert json.loads(switched.stdout)["switched_to"]["number"] == 2
    assert json.loads(billing("rebuild", "--json").stdout)["differences"] == []


def test_the_workers_follow_until_they_are_told_to_stop(url: str) -> None:
    with working() as process:
        receive(url, 1)
        _await_rows(url, 1)
        found = status()
        assert found["bookkeeper"]["leader"]
        assert found["projector"]["leader"]
        workers = _workers(process)
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE_SECONDS) == 0
        assert workers
        assert not [each for each in workers if each.is_running()]


def test_a_worker_that_is_killed_is_started_again(url: str) -> None:
    with working() as process:
        receive(url, 1)
        _await_rows(url, 1)
        for child in _workers(process):
            child.kill()
        receive(url, 2)

        _await_rows(url, 2)


def test_a_second_pair_of_workers_takes_over_from_the_first(url: str) -> None:
    with working() as first, working():
        receive(url, 1)
        _await_rows(url, 1)
        first.terminate()
        first.wait(PATIENCE_SECONDS)
        receive(url, 2)

        _await_rows(url, 2)


def test_workers_do_not_outlive_a_supervisor_that_is_killed(url: str) -> None:
    with working() as process:
        receive(url, 1)
        _await_rows(url, 1)
        children = _workers(process)
        process.kill()

        assert psutil.wait_procs(children, PATIENCE_SECONDS)[1] == []


def test_workers_do_not_touch_tables_of_another_release_that_say_something_else(url: str) -> None:
    receive(url, 1)
    billing("work", "--until-idle")
    with connect(url, NAMES) as connection:
        connection.execute("DELETE FROM billing_projections.deliveries_1")
        connection.execute("UPDATE billing_projections.generations SET shape = 'of yesterday'")

    with working() as process:
        assert process.wait(PATIENCE_SECONDS) == 1

    assert stored(url)["deliveries"] == {}
    assert "billing rebuild" in billing("migrate").stderr
    assert billing("rebuild", "--yes").exit_code == 0
    assert billing("work", "--until-idle").exit_code == 0


@contextmanager
def working() -> Iterator[subprocess.Popen[bytes]]:
    """`billing work` as a process of its own."""
    command = [sys.executable, "-c", "from ledger.cli import main; main()", "work"]
    with subprocess.Popen(command) as process:
        try:
            yield process
        finally:
            process.terminate()


def _workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children()
    return [each for each in children if "spawn_main" in " ".join(each.cmdline())]


def _await_rows(url: str, count: int) -> None:
    """Until so many deliveries are in the tables; the workers may still have to make these."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _rows(url) != count:
        assert time.monotonic() < deadline, "the workers did not get there"
        time.sleep(0.02)


def _rows(url: str) -> int:
    try:
        return len(stored(url)["deliveries"])
    except NoGeneration:
        return 0
