"""How far the reactor is, and what of it waits or needs a person."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import msgspec

from ledger.events import decode
from ledger.reactions.beginning import POSITION, has_begun
from ledger.reactions.listing import counts
from ledger.store.log import LogReader
from ledger.store.names import Names


class Reacted(msgspec.Struct, frozen=True):
    """As of the other workers; `waiting` for their time or another try, `parked` for a person."""

    position: int
    head: int
    lag_events: int
    lag_seconds: int
    leader: bool
    waiting: int
    parked: int

    @property
    def stopped(self) -> bool:
        """Something waits, and nobody works it off."""
        return self.lag_events > 0 and not self.leader


def reacted(names: Names, url: str, now: datetime, leader: bool) -> Reacted:
    """Asks the database. Before the first start nothing waits: it will begin at the end."""
    with (
        closing(LogReader(url, names.ledger)) as history,
        closing(LogReader(url, names.reactions)) as log,
    ):
        head = history.head()
        position = log.position(POSITION) if has_begun(log) else head
        first = [decode(topic, state) for _, topic, state in history.after(position, 1)]
        standing = counts(log)
        behind = [now - each.recorded_at for each in first]
        return Reacted(
            position=position,
            head=head,
            lag_events=history.count(position),
            lag_seconds=max([0, *(int(each.total_seconds()) for each in behind)]),
            leader=leader,
            waiting=standing["waiting"],
            parked=standing["parked"],
        )
