"""Small stories told in every order of arrival: what the aggregates end with must be the same.

Each order is told twice, so that every event also comes as a late duplicate, which must say
nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any, TypeVar

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.charge import Charge
from ledger.aggregates.charge_account import NOTHING, ChargeAccount
from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.customer import Customer
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.mailbox import Mailbox
from ledger.aggregates.mirrors import MIRRORS
from ledger.aggregates.plan_holder import PlanHolder
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.books import Books
from ledger.desk import Desk
from ledger.event import Cause, Event
from ledger.ids import Scope
from ledger.intake import take
from ledger.observations import Observed
from ledger.policy import Policy
from tests.ledger.providers.stripe.objects import Json
from tests.ledger.providers.stripe.payloads import delivery, observe

A = TypeVar("A", bound=Aggregate)
Told = tuple[Observed, Cause]

KINDS: dict[str, type[Aggregate]] = {
    **{
        kind.CATEGORY: kind
        for kind in (Customer, Mailbox, Charge, Purchase, Invoice, Subscription, CreditWallet)
    },
    **{kind.CATEGORY: kind for kind in (ChargeAccount, PlanHolder)},
    **MIRRORS,
}
# What follows from the facts, beyond how each was recorded.
EFFECTS: dict[str, tuple[str, ...]] = {
    "customer": ("customer_id", "standing", "deleted_at"),
    "mailbox": ("customers",),
    "charge": ("payment_id",),
    "purchase": (
        *(
            "described",
            "terms",
            "receipts",
            "received",
            "conflict",
            "paid_at",
            "charge_id",
            "closed",
            "refunds",
            "disputes",
            "sums",
        ),
        *("taken_back", "owner", "invoice_ids", "receipt", "access", "grant", "account_credit"),
    ),
    "invoice": ("standing", "owner", "receivable", "receipt", "coverage"),
    "subscription": ("standing", "owner", "coverage", "access"),
    "wallet": ("totals", "grants"),
    "charge_account": ("standing",),
    "plan_holder": ("periods",),
    **dict.fromkeys(MIRRORS, ("facts", "customer_id")),
}

EMPTY: tuple[dict[str, Any], ...] = (
    {"totals": Totals(), "grants": {}},
    {"standing": NOTHING},
)


class Ending:
    """The aggregates at the end of a story, and all their events."""

    def __init__(self, books: Books, events: Sequence[Event]) -> None:
        self._books = books
        self.events = events

    def get(self, kind: type[A], key: str, account: str = "") -> A:
        stream = Scope("stripe", livemode=False, account=account).stream(kind.CATEGORY, key)
        return self._books.get(kind, stream)

    @property
    def effects(self) -> dict[str, dict[str, Any]]:
        """By stream: everything that follows from the facts.

        A wallet or account that held only what was somebody else's is none.
        """
        streams = {event.originator_id for event in self.events}
        all_ = {stream: self._effects(stream) for stream in streams}
        return {stream: it for stream, it in all_.items() if it not in EMPTY}

    def _effects(self, stream: str) -> dict[str, Any]:
        category = stream.partition("/")[0]
        aggregate = self._books.get(KINDS[category], stream)
        return {name: getattr(aggregate, name) for name in EFFECTS[category]}


def end_in_all_orders(*events: Json, policy: Policy = Policy()) -> Ending:  # noqa: B008 - frozen
    """Tells the events in every order; gives the one ending they all have."""
    arriving = [told(event) for event in events]
    ending = tell(arriving, policy)
    for order in permutations(arriving):
        other = tell(order, policy)
        assert other.effects == ending.effects, [why.id for _, why in order]
    assert replayed(ending).effects == ending.effects
    return ending


def end(*events: Json, policy: Policy = Policy()) -> Ending:  # noqa: B008 - frozen
    """Tells the events in this order only."""
    return tell([told(event) for event in events], policy)


def tell(deliveries: Sequence[Told], policy: Policy) -> Ending:
    """Works the observations off in order, and once more as duplicates."""
    books = Books(lambda _: {})
    for observed, why in deliveries:
        _take(books, policy, observed, why)
        books.keep()
    for observed, why in deliveries:
        _take(books, policy, observed, why)
        assert not books.keep(), f"the duplicate of {why.id} changed something"
    return Ending(books, books.collect_events())


def replayed(ending: Ending) -> Ending:
    """The same ending, loaded from its events."""
    stored: Mapping[str, list[Event]] = {event.originator_id: [] for event in ending.events}
    for event in ending.events:
        stored[event.originator_id].append(event)
    return Ending(Books(lambda streams: {each: stored[each] for each in streams}), ending.events)


def _take(books: Books, policy: Policy, observed: Observed, why: Cause) -> None:
    desk = Desk(books, policy, observed.scope, why)
    for observation in observed.observations:
        take(desk, observation)


def told(event: Json) -> Told:
    created = delivery(event).envelope.created
    return observe(event), Cause(str(event["id"]), created, created + timedelta(seconds=1))
