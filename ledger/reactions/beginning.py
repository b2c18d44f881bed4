"""Where in the Ledger reactions begin: at its end at first, and elsewhere only on purpose."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.errors import Refusal
from ledger.event import Cause
from ledger.reactions.events import Began
from ledger.reactions.store import Reactions, events_of
from ledger.store.log import LogReader
from ledger.store.positions import Rewind

POSITION = "reactor"
STREAM = "beginning/reactor"


class NoSuchPosition(Refusal):
    """There is nothing in the Ledger yet that far."""

    def __init__(self, position: int, head: int) -> None:
        super().__init__(f"reactions cannot begin after position {position}: the last is {head}")


class Beginning(Aggregate):
    """Every time it was said where reactions begin."""

    CATEGORY = "beginning"

    @evolves(Began)
    def _began(self, event: Began) -> None:
        """The position itself is kept as a follower's."""


def begin(reactions: Reactions, log: LogReader, position: int, head: int, now: datetime) -> None:
    """Lets reactions begin after `position`, now and for whoever is at work.

    What was intended before is not intended again. Raises NoSuchPosition, and PositionMoved when
    a reactor was at work at the same moment.
    """
    if position > head:
        raise NoSuchPosition(position, head)
    beginning = Beginning(STREAM)
    for event in events_of(log, [STREAM])[STREAM]:
        beginning.apply(event)
    was = log.position(POSITION)
    beginning.trigger_event(Began(position=position), Cause("beginning", now, now))
    reactions.append(beginning.collect_events(), Rewind(POSITION, was, position))


def has_begun(log: LogReader) -> bool:
    """Whether it was ever said where reactions begin."""
    return bool(log.known([STREAM]))
