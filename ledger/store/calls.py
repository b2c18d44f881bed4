"""What one caller wants stored, on its way through a group."""

from __future__ import annotations

from collections.abc import Sequence
from queue import SimpleQueue

from eventsourcing.persistence import StoredEvent

from ledger.store.columns import encoded
from ledger.store.patience import Patience

_ROW_BYTES = 100  # what an event weighs besides its state

Key = tuple[str, int]


class Call:
    """One caller's events, all or none of them stored, and what became of them.

    Raises DataError or TypeError for events that cannot be encoded.
    """

    __slots__ = (
        "columns",
        "error",
        "events",
        "in_doubt",
        "keys",
        "left",
        "patience",
        "positions",
        "size_bytes",
        "wake",
    )

    def __init__(self, events: Sequence[StoredEvent], patience: Patience) -> None:
        self.events = events
        self.patience = patience
        self.columns = encoded(events)
        self.keys: list[Key] = [(str(e.originator_id), e.originator_version) for e in events]
        self.size_bytes = sum(len(e.state) + _ROW_BYTES for e in events)
        self.positions: Sequence[int] | None = None
        self.error: Exception | None = None
        self.in_doubt = False  # an earlier try may have been committed
        self.left = False  # its caller waits no longer
        self.wake: SimpleQueue[None] = SimpleQueue()  # a surplus wake-up does no harm

    @property
    def settled(self) -> bool:
        return self.positions is not None or self.error is not None

    def result(self) -> Sequence[int]:
        """The positions given to the events, in their order; or raises the caller's own error."""
        if self.positions is None:
            assert self.error is not None, "asked before it was settled"
            raise self.error
        return self.positions
