"""One reaction: intended once, tried until it is done, or until a person decides."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.errors import Refusal
from ledger.event import Cause
from ledger.reactions.backoff import next_try
from ledger.reactions.events import Dismissed, Done, Failed, Intended, Parked, Retried

Status = Literal["unknown", "waiting", "parked", "done", "dismissed"]


class NothingToDo(Refusal):
    """Only what is parked or waits can be tried again or dismissed."""

    def __init__(self, reaction_id: str, status: Status) -> None:
        said = "there is no such reaction" if status == "unknown" else f"it is {status}"
        super().__init__(f"{reaction_id}: {said}")


class Reaction(Aggregate):
    """What is to be done, how often it was tried, and what became of it.

    Its id is the key by which the world can tell that a repeated effect is the same.
    """

    CATEGORY = "reaction"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.intent: Intended | None = None
        self.status: Status = "unknown"
        self.attempts = 0
        self.due_at: datetime | None = None
        self.error: str | None = None
        self.without_effect: str | None = None

    # ---- decide ----

    def intend(self, intent: Intended, why: Cause) -> None:
        """What is to be done."""
        self.trigger_event(intent, why)

    def finish(self, without_effect: str | None, why: Cause) -> None:
        """The effect was had, whatever a person decided meanwhile."""
        if self.status != "done":
            self.trigger_event(Done(without_effect=without_effect), why)

    def fail(
        self, error: str, passing: bool, why: Cause, not_before: datetime | None = None
    ) -> None:
        """The effect was not had; what does not pass, or was tried often enough, is parked."""
        if self.status != "waiting":
            return
        attempt = self.attempts + 1
        now = why.recorded_at
        again = next_try(self.id, attempt, now, not_before) if passing else None
        if again is None:
            self.trigger_event(Parked(attempt=attempt, error=error), why)
        else:
            self.trigger_event(Failed(attempt=attempt, error=error, next_try_at=again), why)

    def retry(self, why: Cause) -> None:
        """A person wants it tried at once. Raises NothingToDo."""
        self._refuse_unless_open()
        self.trigger_event(Retried(), why)

    def dismiss(self, why: Cause) -> None:
        """A person does not want it any more. Raises NothingToDo."""
        self._refuse_unless_open()
        self.trigger_event(Dismissed(), why)

    def _refuse_unless_open(self) -> None:
        if self.status not in ("waiting", "parked"):
            raise NothingToDo(self.id, self.status)

    # ---- evolve ----

    @evolves(Intended)
    def _intended(self, event: Intended) -> None:
        self.intent, self.status, self.due_at = event, "waiting", event.due_at

    @evolves(Failed)
    def _failed(self, event: Failed) -> None:
        self.attempts, self.error, self.due_at = event.attempt, event.error, event.next_try_at

    @evolves(Parked)
    def _parked(self, event: Parked) -> None:
        self.status, self.attempts, self.error = "parked", event.attempt, event.error

    @evolves(Retried)
    def _retried(self, event: Retried) -> None:
        self.status, self.attempts, self.due_at = "waiting", 0, event.recorded_at

    @evolves(Done)
    def _done(self, event: Done) -> None:
        self.status, self.without_effect = "done", event.without_effect

    @evolves(Dismissed)
    def _dismissed(self, event: Dismissed) -> None:
        self.status = "dismissed"
