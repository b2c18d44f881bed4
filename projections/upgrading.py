"""After an upgrade: fresh tables of this release's columns, beside those in use meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress

from ledger.errors import LedgerError
from ledger.store.names import Names
from projections.comparison import Difference
from projections.generations import Generations, shape
from projections.projection import Projection
from projections.rebuild import Rebuild
from projections.registry import PROJECTIONS
from projections.schema import connect

NEVER = threading.Event()

_log = logging.getLogger(__name__)


class RowsDiffer(LedgerError):
    """What both releases have columns for is not the same: a person has to look."""

    def __init__(self, differing: Sequence[Difference]) -> None:
        self.tables = tuple(each.table for each in differing)
        super().__init__(
            "this release has other columns, and makes other rows of "
            f"{', '.join(self.tables)}: look at them with `billing rebuild`"
        )


class _Stopped(Exception):
    """Told to stop in the middle of history."""


def bring_up(
    url: str,
    names: Names,
    stop: threading.Event = NEVER,
    projections: Sequence[Projection] = PROJECTIONS,
) -> bool:
    """Switches to tables of this release's columns where the tables have others.

    False when there was nothing to do, or `stop` was set meanwhile. Raises RowsDiffer, and leaves
    all as it was, when rows differ in the columns and tables that both releases have; NoGeneration;
    RebuildRunning.
    """
    with connect(url, names) as connection:
        stored = Generations(names.projections).current(connection)
    if stored.shape == shape(projections):
        return False
    _log.warning("the tables have other columns than this release: fresh ones are made beside them")
    with suppress(_Stopped), Rebuild(url, names, projections) as run:
        _switch(run, stop)
        return True
    return False


def _switch(run: Rebuild, stop: threading.Event) -> None:
    def unless_stopped(_: int) -> None:
        if stop.is_set():
            raise _Stopped

    run.fold(unless_stopped)
    differing = [each for each in run.compare() if not (each.is_empty or each.is_new)]
    if differing:
        raise RowsDiffer(differing)
    now = run.switch(run.write())
    _log.warning("finance reads generation %s at position %s", now.number, now.position)
