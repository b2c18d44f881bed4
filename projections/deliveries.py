"""What became of each delivery of a provider."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates.bookkeeping import BatchKept, Entry, Retried
from projections.common import Account
from projections.projection import Many, Projection
from projections.rows import Row


class Delivery(Row, frozen=True):
    """One event of the provider as it was received, and its outcome."""

    delivery_id: Annotated[str, Meta(description="The stream it is kept in, in the Inbox.")]
    event_id: Annotated[str, Meta(description="The provider's id of the event, evt_...")]
    type: Annotated[str, Meta(description="The provider's type, such as invoice.paid.")]
    account: Account
    created: Annotated[datetime, Meta(description="When the provider made the event.")]
    received_at: Annotated[datetime, Meta(description="When it was first received.")]
    outcome: Annotated[str, Meta(description="applied, unchanged, ignored or refused.")]
    reason: Annotated[
        str | None, Meta(description="Why it was ignored or refused, or how it was read.")
    ]


def entries(event: BatchKept) -> list[tuple[str, Entry]]:
    """The deliveries of a batch."""
    return [(entry.delivery_id, entry) for entry in event.entries]


def retried(event: Retried) -> list[tuple[str, Entry]]:
    """The one delivery that was tried again."""
    return [(event.entry.delivery_id, event.entry)]


def kept(row: Delivery | None, event: BatchKept | Retried, entry: Entry) -> Delivery:
    """The newest outcome: a refused delivery may be tried again."""
    return Delivery(
        entry.delivery_id,
        entry.event_id,
        entry.type,
        entry.account,
        entry.created,
        entry.received_at,
        entry.outcome,
        entry.reason,
    )


DELIVERIES = Projection(
    name="deliveries",
    comment="What became of each delivery. Key: delivery_id.",
    row=Delivery,
    key=("delivery_id",),
    folds={BatchKept: Many(entries, kept), Retried: Many(retried, kept)},
    private=frozenset(),
    indexes=(("event_id",), ("outcome", "received_at")),
    arrival_decides=frozenset(Delivery.__struct_fields__),
)
