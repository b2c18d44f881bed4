"""Rebuilding goes unnoticed: by deliveries, by workers and by whoever reads."""

from __future__ import annotations

from tests.system.installation import Installation
from tests.system.reading import reading
from tests.system.reference import Reference, assert_same, living


def test_tables_are_rebuilt_and_switched_back_under_readers_and_writers(
    installation: Installation, reference: Reference
) -> None:
    programs = [installation.serve(), installation.work()]
    commands = (["rebuild", "--yes"], ["rebuild", "--yes"], ["rebuild", "--back"])

    with reading(installation) as reader, living(installation, reference, seed=9) as life:
        for command, _ in zip(commands, life.moments(3), strict=True):
            installation.run(*command)

    assert reader.failures == []
    assert reader.rounds > 0
    assert all(program.alive for program in programs)
    assert_same(installation, reference)


def test_a_rebuild_from_history_is_what_was_live(
    installation: Installation, reference: Reference
) -> None:
    installation.serve()
    with living(installation, reference, seed=10):
        installation.work()
    installation.until_idle()

    told = installation.run("rebuild", "--yes")

    assert "added" not in told
    assert_same(installation, reference)
