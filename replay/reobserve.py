"""Works all deliveries off again in memory by today's code, with the commands at their place.

The recorded Ledger says in which batches deliveries were worked off and when, and what commands
did in between; so the same code makes the same events, and a difference is the code's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from ledger import bookkeeper
from ledger.aggregates.bookkeeping import BatchKept, Refusal, Retried, refusal_of
from ledger.aggregates.credit_wallet import CreditWallet, Granted, GrantWithdrawn, Revoked, Spent
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.purchase_events import Claimed
from ledger.books import Books
from ledger.clerk import Rules
from ledger.consequences import settle_all
from ledger.delivery import CATEGORY as DELIVERY
from ledger.delivery import Delivery
from ledger.desk import Desk
from ledger.errors import Refusal as Refusing
from ledger.event import Cause, Event
from ledger.ids import parse_stream
from ledger.retrying import attempt
from ledger.store.log import Entry
from projections.ahead import ahead
from projections.comparison import Difference, compare
from projections.engine import Folding
from projections.registry import PROJECTIONS
from replay.cut import Report
from replay.memory import MemoryLedger
from replay.past import Past, Recorded, recorded

PAGE = 500
CLAIMS = "claim/"
"""What causes begin with whose consequences are decided anew."""


class Reobservation:
    """The recorded Ledger, and what today's code makes of the same deliveries and commands."""

    def __init__(self, past: Past, rules: Rules) -> None:
        self.today = MemoryLedger(rules)
        self.commands: Counter[str] = Counter()
        self._past = past
        self._rules = rules
        self._recorded = Folding(PROJECTIONS)
        self._inbox_position = 0

    def run(self, report: Report = lambda position: None) -> list[Difference]:
        """Tells it all again; how the rows of today's code differ from the recorded ones."""
        for page in ahead(_pages(self._past)):
            self._recorded.fold([(each[0], each[3], each[4]) for each in page])
            for entry in page:
                self._tell(recorded(entry))
            report(page[-1][0])
        return [
            compare(each, self._recorded.rows[each.name].values(), self.today.rows[each.name])
            for each in PROJECTIONS
        ]

    def _tell(self, each: Recorded) -> None:
        """Does again what an event records, unless that follows from another one."""
        event = each.event
        if isinstance(event, BatchKept) and event.cause == bookkeeper.POSITION:
            return self._work(event)
        if isinstance(event, Retried):
            return self._retry(event)
        if event.cause.startswith(f"{DELIVERY}/"):
            return None
        if event.cause.startswith(CLAIMS) and not isinstance(event, Claimed):
            return None
        self.commands[event.cause.partition("/")[0]] += 1
        return RETOLD.get(type(event), _as_it_was)(self, event)

    def _work(self, batch: BatchKept) -> None:
        """Works the same deliveries off, at the same time."""
        after, upto = self._inbox_position, batch.inbox_position
        records = self._past.inbox.after(after, upto - after, upto)
        deliveries = [Delivery.from_state(state) for *_, state in records]
        entries = self.today.keep(deliveries, batch.recorded_at)
        self.today.append([replace(batch, entries=entries)])
        self._inbox_position = upto

    def _retry(self, retried: Retried) -> None:
        """Tries again what today's code refuses too; what it did not needs no retry."""
        delivery_id = retried.entry.delivery_id
        refusal = Books(self.today.load).get(Refusal, refusal_of(delivery_id))
        if refusal.stands:
            delivery = self._past.deliveries([delivery_id])[delivery_id]
            found = attempt(self.today.load, self._rules, delivery, retried.recorded_at)
            self.today.append(found.events)

    def decide(self, event: Event, decision: Callable[[Desk], None]) -> None:
        """Stores what a command comes to now, for the same cause; refused, it does nothing."""
        why = Cause(event.cause, event.effective_at, event.recorded_at)
        books = Books(self.today.load)
        scope = parse_stream(event.originator_id).scope
        try:
            decision(Desk(books, self._rules.policy, scope, why))
        except Refusing:
            return
        books.keep()
        self.today.append(books.collect_events())

    def version(self, stream: str) -> int:
        """The version of a stream's last event; 0 without any."""
        return len(self.today.events(stream))


def _as_it_was(telling: Reobservation, event: Event) -> None:
    """What a command said, whatever today's code would say; next in today's stream."""
    version = telling.version(event.originator_id) + 1
    telling.today.append([replace(event, originator_version=version)])


def _claimed(telling: Reobservation, event: Claimed) -> None:
    """A person's word, and all that follows from it."""

    def decide(desk: Desk) -> None:
        purchase = desk.books.get(Purchase, event.originator_id)
        purchase.claim(event.customer_id, desk.why)
        desk.unsettle(purchase.id)
        settle_all(desk)

    telling.decide(event, decide)


def _in_wallet(telling: Reobservation, event: Any) -> None:
    """What was done with credits was done; the wallet's sums are those of today's."""

    def decide(desk: Desk) -> None:
        wallet = desk.books.get(CreditWallet, event.originator_id)
        if isinstance(event, Revoked | GrantWithdrawn) and event.grant_id not in wallet.grants:
            return  # today's code never gave it
        totals = wallet.totals.plus(**MOVED[type(event)](wallet, event))
        wallet.trigger_event(replace(event, totals=totals), desk.why)

    telling.decide(event, decide)


def _grant(wallet: CreditWallet, event: Any) -> tuple[int, int]:
    """What a grant gave and lost so far."""
    return wallet.grants.get(event.grant_id, (0, 0))


MOVED: dict[type[Event], Callable[[CreditWallet, Any], dict[str, int]]] = {
    Spent: lambda _, it: {"spent": it.credits},
    Granted: lambda wallet, it: {"granted": it.credits - _grant(wallet, it)[0]},
    Revoked: lambda wallet, it: {"revoked": it.revoked - _grant(wallet, it)[1]},
    GrantWithdrawn: lambda wallet, it: {
        "granted": -_grant(wallet, it)[0],
        "revoked": -_grant(wallet, it)[1],
    },
}
"""What a command does to a wallet -> what it adds to the wallet's sums."""

RETOLD: dict[type[Event], Callable[[Reobservation, Any], None]] = {
    Claimed: _claimed,
    **dict.fromkeys(MOVED, _in_wallet),
}
"""What a command recorded -> how it is done again; all other events are taken as they were."""


def _pages(past: Past) -> Iterator[list[Entry]]:
    position = 0
    while page := past.ledger.entries(position, PAGE):
        yield page
        position = page[-1][0]
