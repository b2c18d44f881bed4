"""The clerk: works one delivery off, wholly or not at all, and says what became of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from ledger.aggregates.bookkeeping import Entry, Outcome, Refusal, Refused, refusal_of
from ledger.books import Books
from ledger.delivery import Delivery
from ledger.desk import Desk
from ledger.errors import CannotBeKept
from ledger.errors import Refusal as Refusing
from ledger.event import Cause
from ledger.intake import concerned, take
from ledger.observations import Observed
from ledger.policy import Policy
from ledger.providers import Observer

_log = logging.getLogger(__name__)

Said = Observed | Refusing

FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError, msgspec.ValidationError),
)
"""What a fault of our own looks like in pure code; it is kept, shown and can be retried."""


class Rules(msgspec.Struct, frozen=True):
    """By what deliveries are worked off; the same rules over the same deliveries say the same."""

    observers: Mapping[str, Observer]
    policy: Policy
    livemode: bool


class Clerk:
    """Brings what deliveries say into the books; pure but for the books it is given."""

    def __init__(self, books: Books, rules: Rules) -> None:
        self._books = books
        self._rules = rules

    def keep(self, deliveries: Sequence[Delivery], now: datetime) -> tuple[Entry, ...]:
        """Works deliveries off in their order and says what became of each."""
        said = [self._read(delivery) for delivery in deliveries]
        heard = (each for each in said if isinstance(each, Observed))
        self._books.fetch({stream for each in heard for stream in concerned(each)})
        return tuple(
            self._entry(delivery, each, now)
            for delivery, each in zip(deliveries, said, strict=True)
        )

    def _read(self, delivery: Delivery) -> Said:
        """What the delivery says, or why it is not heard."""
        envelope = delivery.envelope
        if envelope.livemode != self._rules.livemode:
            return Observed(envelope.scope, ignored=_WRONG_MODE[envelope.livemode])
        try:
            return self._rules.observers[envelope.provider].observe(delivery)
        except Refusing as refusal:
            return refusal
        except FAULTS as fault:
            _log.exception("a fault of ours met %s; it is refused", delivery.originator_id)
            return CannotBeKept(fault)

    def _entry(self, delivery: Delivery, said: Said, now: datetime) -> Entry:
        why = Cause(delivery.originator_id, delivery.envelope.created, now)
        outcome, reason = self._work(delivery, said, why)
        envelope = delivery.envelope
        return Entry(
            delivery_id=delivery.originator_id,
            event_id=envelope.event_id,
            type=envelope.type,
            account=envelope.account,
            created=envelope.created,
            received_at=delivery.received_at,
            outcome=outcome,
            reason=reason,
        )

    def _work(self, delivery: Delivery, said: Said, why: Cause) -> tuple[Outcome, str | None]:
        """Works one delivery off, wholly or not at all: a refusal leaves no trace but itself."""
        if isinstance(said, Refusing):
            return self._refuse(delivery, said, why)
        if said.ignored is not None:
            return "ignored", said.ignored
        desk = Desk(self._books, self._rules.policy, said.scope, why)
        try:
            for observation in said.observations:
                take(desk, observation)
            applied = self._books.keep()
        except Refusing as refusal:
            return self._refuse(delivery, refusal, why)
        except FAULTS as fault:
            _log.exception("a fault of ours met %s; it is refused", delivery.originator_id)
            return self._refuse(delivery, CannotBeKept(fault), why)
        return ("applied" if applied else "unchanged"), said.note

    def _refuse(
        self, delivery: Delivery, refusal: Refusing, why: Cause
    ) -> tuple[Outcome, str | None]:
        self._books.undo()
        envelope = delivery.envelope
        refused = self._books.get(Refusal, refusal_of(delivery.originator_id))
        refused.trigger_event(Refused(code=refusal.code, reason=str(refusal)), why)
        self._books.keep()
        _log.warning("refused %s %s: %s", envelope.type, envelope.event_id, refusal)
        return "refused", str(refusal)


_WRONG_MODE = {True: "a live event on a test ledger", False: "a test event on a live ledger"}
