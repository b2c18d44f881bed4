"""What follows from events, derived anew from any of them: rows of a table, and what is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import asdict

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.credit_wallet import Granted, GrantWithdrawn, Revoked, Spent, Totals
from ledger.aggregates.hand_grant import HandGrant
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.event import EPOCH, Cause
from ledger.policy import Policy
from projections.projection import Key, Many, Projection
from replay.explain.because import Outcome
from replay.past import Recorded

A = TypeVar("A", bound=Aggregate)


def row_of(projection: Projection, key: Key) -> Callable[[Sequence[Recorded]], Outcome]:
    """The row of a table with a key, by column."""

    def derive(events: Sequence[Recorded]) -> Outcome:
        row: Any = None
        for each in events:
            fold = projection.folds.get(type(each.event))
            if isinstance(fold, Many):
                for part_key, part in fold.parts(each.event):
                    row = fold.fold(row, each.event, part) if part_key == key else row
            elif fold is not None and each.event.originator_id == key:
                row = fold(row, each.event)
        return asdict(row) if row is not None else {}

    return derive


def access_of(policy: Policy) -> Callable[[Sequence[Recorded]], Outcome]:
    """The access a payment, a subscription or a grant gives, by what is known of it."""

    def derive(events: Sequence[Recorded]) -> Outcome:
        if not events:
            return {}
        source = _known(_SOURCES[category(events[0].event.originator_id)], events)
        if not isinstance(source, HandGrant):
            source.resolve(policy, NOW)
        return asdict(source.access) if source.access else {}

    return derive


def invoice_of(events: Sequence[Recorded]) -> Outcome:
    """What is owed by an invoice and what was paid, by what is known of it."""
    if not events:
        return {}
    invoice = _known(Invoice, events)
    invoice.resolve(NOW)
    found = {"receivable": invoice.receivable, "receipt": invoice.receipt}
    return {name: part for name, part in found.items() if part is not None}


def balance_of(events: Sequence[Recorded]) -> Outcome:
    """A wallet's sums by its single grants, revocations and spends."""
    granted: dict[str, int] = {}
    revoked: dict[str, int] = {}
    spent: dict[str, int] = {}
    for each in events:
        event = each.event
        if isinstance(event, Granted):
            granted[event.grant_id] = event.credits
        elif isinstance(event, Revoked):
            revoked[event.grant_id] = event.revoked
        elif isinstance(event, GrantWithdrawn):
            granted.pop(event.grant_id, None)
            revoked.pop(event.grant_id, None)
        elif isinstance(event, Spent):
            spent[event.key] = event.credits
    sums = Totals(sum(granted.values()), sum(spent.values()), sum(revoked.values()))
    names = ("granted", "spent", "revoked", "available", "shortfall")
    return {name: getattr(sums, name) for name in names} if sums != Totals() else {}


def wallet_part(each: Recorded) -> tuple[bool, str]:
    """What an event of a wallet is about: a use by its key, or a grant."""
    event = each.event
    return (
        (True, event.key) if isinstance(event, Spent) else (False, getattr(event, "grant_id", ""))
    )


def category(stream: str) -> str:
    """The kind of a stream."""
    return stream.partition("/")[0]


def _known(kind: Callable[[str], A], events: Sequence[Recorded]) -> A:
    """An aggregate that knows of these events alone; evolving never refuses."""
    aggregate = kind(events[0].event.originator_id)
    for each in events:
        aggregate.apply(each.event)
    return aggregate


_SOURCES: dict[str, Callable[[str], Purchase | Subscription | HandGrant]] = {
    HandGrant.CATEGORY: HandGrant,
    Purchase.CATEGORY: Purchase,
    Subscription.CATEGORY: Subscription,
}
NOW = Cause("explain", EPOCH, EPOCH)
"""What is derived here is never stored."""
