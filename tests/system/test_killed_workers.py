"""Killed workers are replaced and go on where they were; two at once double nothing."""

from __future__ import annotations

import pytest

from tests.system.installation import Installation
from tests.system.leaders import cut_off, kill, leader, until_gone
from tests.system.patience import until
from tests.system.programs import children
from tests.system.reference import Reference, assert_same, living


@pytest.mark.parametrize("worker", ["bookkeeper", "projector"])
def test_a_killed_worker_is_started_again(
    installation: Installation, reference: Reference, worker: str
) -> None:
    _, workers = installation.serve(), installation.work()

    with living(installation, reference, seed=3) as life:
        for _ in life.moments(4):
            kill(leader(installation, worker))

    assert workers.alive
    died = f"the {worker} died with status -9"
    until(lambda: workers.said.count(died) == 4, "the last death to be told")
    assert_same(installation, reference)


def test_killed_workers_go_on_once_they_are_started_again(
    installation: Installation, reference: Reference
) -> None:
    _, workers = installation.serve(), installation.work()

    with living(installation, reference, seed=4) as life:
        for _ in life.moments(3):
            leader(installation, "bookkeeper")
            workers.kill()
            workers.start()

    assert_same(installation, reference)


def test_workers_that_stand_by_take_over_and_double_nothing(
    installation: Installation, reference: Reference
) -> None:
    installation.serve()
    pair = [installation.work(), installation.work()]

    with living(installation, reference, seed=5) as life:
        for _ in life.moments(3):
            leading = leader(installation, "projector")
            first = next(each for each in pair if leading in children(each))
            first.kill()
            until_gone(leading)
            assert leader(installation, "projector") != leading
            first.start()

    assert_same(installation, reference)


@pytest.mark.parametrize("worker", ["bookkeeper", "projector"])
def test_a_worker_that_does_not_know_it_lost_the_lead_doubles_nothing(
    installation: Installation, reference: Reference, worker: str
) -> None:
    installation.serve()
    pair = [installation.work(), installation.work()]

    with living(installation, reference, seed=6) as life:
        for _ in life.moments(5):
            cut_off(installation, worker)

    assert all(each.alive for each in pair)
    assert_same(installation, reference)
