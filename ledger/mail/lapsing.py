"""What mails say of a plan that ended unpaid, and of one that came back once it was paid."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.dunning import Dunning, Restored
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.subscription import Subscription
from ledger.ids import parse_stream
from ledger.observations import Bill
from ledger.reactions.effects import World


def has_lapsed(world: World, subscription: Subscription) -> bool:
    """Whether a plan ended in it because of a bill that is still open."""
    key, dunning = parse_stream(subscription.id).key, world.get(Dunning, _stream(subscription))
    bills = [
        _bill(world, subscription, invoice_id)
        for invoice_id, held in dunning.lapsed.items()
        if key in (held.subscription_id, dunning.starters.get(invoice_id))
    ]
    return any(bill is not None and bill.status == "open" for bill in bills)


def paid_until(world: World, subscription: Subscription) -> datetime | None:
    """Until when money was paid for it, also by the bill of another that brought its plan back.

    What cost nothing, as a trial does, was not paid.
    """
    key, stream = parse_stream(subscription.id).key, _stream(subscription)
    restored = (
        event.invoice_id
        for event in world.load([stream]).get(stream, ())
        if isinstance(event, Restored) and event.subscription_id == key
    )
    kept = (each for each, it in subscription.coverage.items() if it.taken_back is None)
    bills = [_bill(world, subscription, each) for each in (*kept, *restored)]
    ends = [bill.covers.end for bill in bills if bill and bill.covers and bill.total.minor > 0]
    return max(ends, default=None)


def _bill(world: World, subscription: Subscription, invoice_id: str) -> Bill | None:
    scope = parse_stream(subscription.id).scope
    return world.get(Invoice, scope.stream(Invoice.CATEGORY, invoice_id)).bill


def _stream(subscription: Subscription) -> str:
    """Dunning is kept by user."""
    user_id = subscription.payer.user_id or subscription.customer_id or ""
    return parse_stream(subscription.id).scope.stream(Dunning.CATEGORY, user_id)
