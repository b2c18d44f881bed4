"""The supervisor: starts what died again, unless that would not help."""

import sys
import threading
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess

import pytest

from projections import supervisor
from projections.supervisor import MOST_DEATHS, REFUSED, WorkerEnded, keep_running


class Children:
    """Begins processes that end at once, each with the next of these statuses."""

    def __init__(self, *statuses: int) -> None:
        self.left = list(statuses)
        self.begun = 0

    def __call__(self, name: str) -> SpawnProcess:
        self.begun += 1
        status = self.left.pop(0)
        child = get_context("spawn").Process(target=sys.exit, args=(status,), name=name)
        child.start()
        return child


def test_a_worker_that_refuses_is_not_started_again() -> None:
    children = Children(REFUSED)

    with pytest.raises(WorkerEnded, match="projector ended with status 3"):
        keep_running(["projector"], children, threading.Event())

    assert children.begun == 1


def test_a_worker_that_dies_too_often_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "DEATHS_WITHIN_SECONDS", float("inf"))  # however slow we are
    children = Children(*[1] * 10)

    with pytest.raises(WorkerEnded, match="projector ended with status 1"):
        keep_running(["projector"], children, threading.Event())

    assert children.begun == MOST_DEATHS + 1


def test_all_end_when_they_are_told_to() -> None:
    stop, children = threading.Event(), Children(0, 0)
    stop.set()

    keep_running(["bookkeeper", "projector"], children, stop)

    assert children.begun == 2
