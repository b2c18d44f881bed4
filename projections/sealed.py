"""How far all logs are sealed."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import msgspec

from ledger.sealing.seal import LOGS, Seal
from ledger.sealing.store import SealStore
from ledger.settings import Settings
from ledger.store.log import LogReader
from projections.schema import connect


class Sealed(msgspec.Struct, frozen=True):
    """What no seal closes yet, in all logs together, and when the last seal was made.

    `overdue` says that a seal should have been made long ago; `leader` as of the other workers.
    """

    unsealed_events: int
    last_sealed_at: datetime | None
    overdue: bool
    leader: bool

    @property
    def stopped(self) -> bool:
        return self.unsealed_events > 0 and (self.overdue or not self.leader)


def sealed(settings: Settings, url: str, now: datetime, leader: bool) -> Sealed:
    """Asks the database."""
    with connect(url, settings.names) as connection:
        store = SealStore(settings.names.ledger)
        last = {log: store.last(connection, log) for log in LOGS}
    unsealed = {log: _unsealed(url, at, last[log]) for log, at in settings.names.logs.items()}
    late_seconds = 2 * settings.sealing.most_seconds
    return Sealed(
        unsealed_events=sum(unsealed.values()),
        last_sealed_at=max((each.time for each in last.values() if each), default=None),
        overdue=any(
            each and unsealed[log] and (now - each.time).total_seconds() > late_seconds
            for log, each in last.items()
        ),
        leader=leader,
    )


def _unsealed(url: str, schema: str, last: Seal | None) -> int:
    with closing(LogReader(url, schema)) as reader:
        return reader.count(last.last if last else 0) if reader.is_there() else 0
