"""SIGTERM lets each program finish what it is at: exit status 0, nobody left, nothing lost."""

from __future__ import annotations

from ledger.embedded.postgres import EmbeddedPostgres
from tests.system.installation import Installation
from tests.system.leaders import leader
from tests.system.patience import until
from tests.system.programs import Program
from tests.system.reference import Reference, assert_same, living


def test_the_endpoint_and_the_workers_end_well_and_go_on_later(
    installation: Installation, reference: Reference
) -> None:
    programs = [installation.serve(), installation.work()]

    with living(installation, reference, seed=8) as life:
        for _ in life.moments(3):
            leader(installation, "bookkeeper")  # a program that only just starts may be cut short
            installation.until_served()
            for program in programs:
                assert program.terminate() == 0
                until_nobody_is_left(program)
                program.start()

    for program in programs:
        assert "Traceback" not in program.said
    assert_same(installation, reference)


def test_programs_end_well_while_the_database_is_away(
    crash_cluster: EmbeddedPostgres, crashing: Installation
) -> None:
    programs = [crashing.serve(), crashing.work()]
    leader(crashing, "bookkeeper")
    leader(crashing, "projector")

    crash_cluster.stop()

    assert [program.terminate() for program in programs] == [0, 0]
    crash_cluster.start()


def until_nobody_is_left(program: Program) -> None:
    until(lambda: not program.living(), f"the children of {program.name} to end")
