"""The clerk: works one delivery off, wholly or not at all, and says what became of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

import msgspec

from ledger.aggregates.bookkeeping import Entry, Outcome, Refusal, Refused
from ledger.books import Books
from ledger.delivery import CATEGORY, Delivery
from ledger.desk import Desk
from ledger.errors import CannotBeKept
from ledger.errors import Refusal as Refusing
from ledger.event import Cause
from ledger.policy import Policy
from ledger.providers import Observer

_log = logging.getLogger(__name__)


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

    def keep(self, delivery: Delivery, now: datetime) -> Entry:
        """Works a delivery off and says what became of it."""
        outcome, reason = self._work(delivery, now)
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

    def _work(self, delivery: Delivery, now: datetime) -> tuple[Outcome, str | None]:
        """Works one delivery off, wholly or not at all: a refusal leaves no trace but itself."""
        why = Cause(delivery.originator_id, delivery.envelope.created, now)
        try:
            return self._apply(delivery, why)
        except Refusing as refusal:
            return self._refuse(delivery, refusal, why)
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as fault:
            _log.exception("a fault of ours met %s; it is kept as refused", delivery.originator_id)
            return self._refuse(delivery, CannotBeKept(fault), why)

    def _apply(self, delivery: Delivery, why: Cause) -> tuple[Outcome, str | None]:
        envelope = delivery.envelope
        if envelope.livemode != self._rules.livemode:
            return "ignored", _WRONG_MODE[envelope.livemode]
        observed = self._rules.observers[envelope.provider].observe(delivery)
        if observed.ignored is not None:
            return "ignored", observed.ignored
        desk = Desk(self._books, self._rules.policy, observed.scope, why)
        for observation in observed.observations:
            desk.take(observation)
        return ("applied" if self._books.keep() else "unchanged"), None

    def _refuse(
        self, delivery: Delivery, refusal: Refusing, why: Cause
    ) -> tuple[Outcome, str | None]:
        self._books.undo()
        envelope = delivery.envelope
        stream = delivery.originator_id.replace(CATEGORY, Refusal.CATEGORY, 1)
        refused = self._books.get(Refusal, stream)
        refused.trigger_event(Refused(code=refusal.code, reason=str(refusal)), why)
        self._books.keep()
        _log.warning("refused %s %s: %s", envelope.type, envelope.event_id, refusal)
        return "refused", str(refusal)


_WRONG_MODE = {True: "a live event on a test ledger", False: "a test event on a live ledger"}
