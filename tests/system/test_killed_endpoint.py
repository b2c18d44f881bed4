"""Killing the endpoint loses nothing: what it answered 200 is there, the rest comes again."""

from __future__ import annotations

from random import Random

import psutil

from tests.system.installation import Installation
from tests.system.leaders import kill
from tests.system.patience import until
from tests.system.programs import Program, children
from tests.system.reference import Reference, assert_same, living


def test_a_killed_worker_of_the_endpoint_is_replaced(
    installation: Installation, reference: Reference
) -> None:
    endpoint, _ = installation.serve(), installation.work()
    random = Random(1)

    with living(installation, reference, seed=1) as life:
        for _ in life.moments(4):
            kill(random.choice(some_children(endpoint)))

    assert endpoint.alive
    assert_same(installation, reference)


def test_a_killed_endpoint_goes_on_once_it_is_started_again(
    installation: Installation, reference: Reference
) -> None:
    endpoint, _ = installation.serve(), installation.work()

    with living(installation, reference, seed=2) as life:
        for _ in life.moments(3):
            endpoint.kill()
            endpoint.revive()

    assert_same(installation, reference)


def some_children(program: Program) -> list[psutil.Process]:
    until(lambda: any(children(program)), f"children of {program.name}")
    return list(children(program))
