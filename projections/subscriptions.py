"""Subscriptions as they stand, and until when they are paid for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.aggregates.subscription import (
    Attributed,
    Changed,
    CoverageSettled,
    Covered,
    Ended,
    Started,
    StatusChanged,
)
from projections.common import (
    Account,
    Ambiguous,
    Features,
    Owner,
    ProviderCustomerId,
    Stream,
    place,
)
from projections.projection import Projection
from projections.rows import Row


class Subscription(Row, frozen=True):
    """A subscription; status None while only its invoices speak of it."""

    stream: Stream
    subscription_id: Annotated[str, Meta(description="The provider's id, sub_...")]
    account: Account
    customer_id: Owner = None
    provider_customer_id: ProviderCustomerId = None
    status: Annotated[
        str | None, Meta(description="The provider's word: trialing, active, past_due, ...")
    ] = None
    features: Features = ()
    quantity: Annotated[int, Meta(description="Units subscribed to.")] = 0
    current_period_start: Annotated[
        datetime | None, Meta(description="Start of the billing period.")
    ] = None
    current_period_end: Annotated[
        datetime | None, Meta(description="End of the billing period, the latest of its items.")
    ] = None
    paid_until: Annotated[
        datetime | None, Meta(description="Until when paid invoices cover it, refunded ones not.")
    ] = None
    cart_id: Annotated[
        str | None, Meta(description="The group registration this subscription pays for.")
    ] = None
    started_at: Annotated[datetime | None, Meta(description="When it started.")] = None
    trial_ends_at: Annotated[datetime | None, Meta(description="When its trial ends or ended.")] = (
        None
    )
    cancel_at: Annotated[datetime | None, Meta(description="When it is going to be canceled.")] = (
        None
    )
    canceled_at: Annotated[
        datetime | None, Meta(description="When its cancellation was asked for.")
    ] = None
    ended_at: Annotated[datetime | None, Meta(description="When it ended for good.")] = None
    ambiguous: Ambiguous = False


def standing(
    row: Subscription | None, event: Started | Changed | StatusChanged | Ended
) -> Subscription:
    """The newest plan, whole."""
    plan = event.standing.state
    return replace(
        row or unseen(event.originator_id),
        status=plan.status,
        features=plan.features,
        quantity=plan.quantity,
        current_period_start=plan.period.start if plan.period else None,
        current_period_end=plan.period.end if plan.period else None,
        cart_id=plan.cart_id,
        started_at=plan.started_at,
        trial_ends_at=plan.trial.end if plan.trial else None,
        cancel_at=plan.cancel_at,
        canceled_at=plan.canceled_at,
        ended_at=plan.ended_at,
        ambiguous=event.standing.ambiguous,
    )


def covered(row: Subscription | None, event: Covered) -> Subscription | None:
    """Until when it is paid for, all invoices taken together; of one not reported, only that."""
    row = row or unseen(event.originator_id)
    if row.status is None and event.paid_until is None:
        return None
    return replace(row, paid_until=event.paid_until)


def settled(row: Subscription | None, event: CoverageSettled) -> Subscription:
    """Until when it is paid for as its plan stands."""
    return replace(row or unseen(event.originator_id), paid_until=event.paid_until)


def attributed(row: Subscription | None, event: Attributed) -> Subscription:
    """Whose subscription it is."""
    return replace(
        row or unseen(event.originator_id),
        customer_id=event.customer_id,
        provider_customer_id=event.provider_customer_id,
    )


def unseen(stream: str) -> Subscription:
    """A subscription others speak of, which was not reported itself."""
    _, account, key = place(stream)
    return Subscription(stream, key, account)


SUBSCRIPTIONS = Projection(
    name="subscriptions",
    comment="Subscriptions as they stand. Key: account, subscription_id.",
    row=Subscription,
    key=("stream",),
    folds={
        Started: standing,
        Changed: standing,
        StatusChanged: standing,
        Ended: standing,
        Covered: covered,
        CoverageSettled: settled,
        Attributed: attributed,
    },
    shown="status IS NOT NULL",
    indexes=(("subscription_id",), ("customer_id",)),
)
