"""While the database is away the endpoint says 503, and afterwards everybody goes on unasked."""

from __future__ import annotations

import os
import signal

from ledger.embedded.postgres import EmbeddedPostgres
from tests.system.delivering import Delivering
from tests.system.installation import Installation
from tests.system.patience import until
from tests.system.reference import Reference, assert_same, living

KILLED = signal.SIGKILL
STOPPED_AT_ONCE = signal.SIGQUIT  # what `pg_ctl stop -m immediate` sends


def test_all_go_on_by_themselves_when_the_database_is_back(
    crash_cluster: EmbeddedPostgres, crashing: Installation, reference: Reference
) -> None:
    programs = [crashing.serve(), crashing.work()]

    with living(crashing, reference, seed=7) as life:
        for how, _ in zip((KILLED, STOPPED_AT_ONCE, KILLED), life.moments(3), strict=True):
            end(crash_cluster, how)
            until_unavailable(life)
            crash_cluster.start()

    assert all(program.alive for program in programs)
    assert_same(crashing, reference)


def end(server: EmbeddedPostgres, how: signal.Signals) -> None:
    pid = server.pid
    assert pid is not None
    os.kill(pid, how)
    until(lambda: not server.is_running(), "the database to be gone")


def until_unavailable(life: Delivering) -> None:
    before = life.statuses.count(503)
    until(lambda: life.statuses.count(503) > before, "a 503")
