"""Why nothing gives a user a feature: what was tried, what is missing, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.aggregates import hand_grant, purchase_events, subscription
from ledger.delivery import Delivery
from ledger.event import EPOCH
from projections.entitlements import Entitlement
from projections.purchase_row import Purchase
from projections.purchases import PURCHASES
from projections.subscriptions import SUBSCRIPTIONS, Subscription
from replay.cut import Cut, rows_at
from replay.past import Past, Recorded
from replay.sentences import sentence
from replay.whose import Whose

STATUSES = {
    "pending": "is not paid yet",
    "failed": "failed",
    "canceled": "was canceled",
    "abandoned": "was abandoned at the checkout",
    "other_platform": "is another platform's",
    "quarantined": "is quarantined, since its reports contradict each other",
}
"""Status of a payment that gives nothing -> why it gives nothing."""

ENTITLED = (purchase_events.Entitled, subscription.Entitled, hand_grant.Entitled)


def why_not(
    past: Past, whose: Whose, user: str, feature: str, ended: Sequence[Entitlement]
) -> Iterator[str]:
    """All that is known about why, the nearest first."""
    streams = whose.customer(user)
    found = [
        *(f"{each.source_kind} {each.source_id} gave it, and that ended" for each in ended),
        *_tried(past, streams, feature),
        *_taken_away(past, streams, feature, {each.stream for each in ended}),
        *_nobodys(whose, feature),
        *_refused(past, whose, user),
    ]
    yield from found
    if not streams:
        yield f"nobody known here is {user}: no customer, payment or subscription names them"
    elif not found:
        yield f"nothing {user} bought or subscribed to gives {feature}"


def _tried(past: Past, streams: Sequence[str], feature: str) -> Iterator[str]:
    entries = past.ledger.histories(streams)
    records = [(position, topic, state) for position, _, _, topic, state in entries]
    everything = Cut(EPOCH)
    for row in rows_at(PURCHASES, everything, records).values():
        assert isinstance(row, Purchase)
        if feature in row.features and row.status in STATUSES:
            yield f"payment {row.purchase_id} is for it and {STATUSES[row.status]}"
    for plan in rows_at(SUBSCRIPTIONS, everything, records).values():
        assert isinstance(plan, Subscription)
        if feature in plan.features and plan.paid_until is None:
            yield (
                f"subscription {plan.subscription_id} is for it, is {plan.status},"
                " and no invoice that pays for it was paid"
            )


def _taken_away(past: Past, streams: Sequence[str], feature: str, ended: set[str]) -> Iterator[str]:
    """Who gave it once; a source that has a row of it still was told of already."""
    last: dict[str, Recorded] = {}
    for each in past.events([each for each in streams if each not in ended]):
        if isinstance(each.event, ENTITLED):
            access = each.event.access
            if feature in each.event.dropped or (access and feature in access.features):
                last[each.event.originator_id] = each
    for stream, each in last.items():
        yield f"{stream} gave it, but that is over or another's: {sentence(each.event)}"


def _nobodys(whose: Whose, feature: str) -> Iterator[str]:
    for purchase_id in whose.nobodys(feature):
        yield (
            f"payment {purchase_id} is for it and nobody knows whose it is: `billing claim` says so"
        )


def _refused(past: Past, whose: Whose, user: str) -> Iterator[str]:
    """What was refused and names the user: it may be what is missing."""
    ids = {each.encode() for each in whose.ids(user)}
    for delivery in past.deliveries(whose.refused()).values():
        if any(each in delivery.body for each in ids):
            yield _refusal(delivery)


def _refusal(delivery: Delivery) -> str:
    envelope = delivery.envelope
    return f"{envelope.type} {envelope.event_id} names them and was refused"
