"""`work --until-idle` ends when nothing is left, and `status` tells how far the workers are."""

from __future__ import annotations

from tests.system.delivering import Delivering
from tests.system.installation import Installation
from tests.system.leaders import leader
from tests.system.reference import Reference
from tests.system.year import bodies, in_order

FEW = 300  # deliveries


def test_work_waits_while_nobody_does_it_and_is_done_once_somebody_does(
    installation: Installation,
) -> None:
    assert installation.status()["lag_seconds"] == 0
    installation.serve()
    with Delivering(installation, in_order()[:FEW]):
        pass

    behind = installation.status(status=1)
    assert behind["bookkeeper"]["lag_events"] == FEW
    assert behind["bookkeeper"]["position"] == 0 < behind["bookkeeper"]["head"]
    assert not behind["bookkeeper"]["leader"]
    assert behind["deliveries"] == {}
    assert "not running" in installation.run("status", status=1)

    installation.run("work", "--until-idle")

    done = installation.status()
    for worker in ("bookkeeper", "projector"):
        assert done[worker]["lag_events"] == done[worker]["lag_seconds"] == 0
        assert done[worker]["position"] == done[worker]["head"]
        assert not done[worker]["leader"]
    assert sum(done["deliveries"].values()) == FEW


def test_who_leads_is_told(installation: Installation) -> None:
    workers = installation.work()
    for worker in ("bookkeeper", "projector"):
        leader(installation, worker)

    running = installation.status()
    assert workers.terminate() == 0
    stopped = installation.status()

    for worker in ("bookkeeper", "projector"):
        assert running[worker]["leader"]
        assert not stopped[worker]["leader"]


def test_until_idle_beside_running_workers_waits_for_them(
    installation: Installation, reference: Reference
) -> None:
    installation.serve()
    with Delivering(installation, in_order()):
        installation.work()
        leader(installation, "bookkeeper")

    installation.run("work", "--until-idle")

    status = installation.status()
    assert status["bookkeeper"]["lag_events"] == status["projector"]["lag_events"] == 0
    assert sum(status["deliveries"].values()) == len(bodies())
