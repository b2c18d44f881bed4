"""Access a person gave by hand: who, what, until when, and why."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.effects import Access
from ledger.event import Cause, Event


class Entitled(Event, frozen=True):
    """The access this grant gives as it stands, and why it was given."""

    TOPIC = "HandGrant.Entitled"
    access: Access
    note: str
    dropped: tuple[str, ...] = ()


EVENTS = (Entitled,)


class HandGrant(Aggregate):
    """One grant by its own id; once withdrawn it stays so."""

    CATEGORY = "grant"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.access: Access | None = None
        self.note = ""
        self._until: datetime | None = None

    def give(self, access: Access, note: str, why: Cause) -> None:
        """Takes over a grant that was not given yet."""
        if self.access is None:
            self.trigger_event(Entitled(access=access, note=note), why)

    def same_as(self, access: Access, note: str) -> bool:
        """Whether these are the terms on which it was given."""
        given = self.access
        return given is not None and (
            (given.customer_id, given.features, self._until, self.note)
            == (access.customer_id, access.features, access.ends_at, note)
        )

    def withdraw(self, at: datetime, why: Cause) -> None:
        """Ends the access at `at`, unless it is over by then."""
        access = self.access
        if access is None or access.ended_because is not None:
            return
        if access.ends_at is None or at < access.ends_at:
            ended = access.ended(max(at, access.granted_at), "withdrawn")
            self.trigger_event(Entitled(access=ended, note=self.note), why)

    @evolves(Entitled)
    def _entitled(self, event: Entitled) -> None:
        if self.access is None:
            self._until = event.access.ends_at
        self.access, self.note = event.access, event.note
