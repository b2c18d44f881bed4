"""Who is registered for which group, by a purchase, a subscription or a grant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from ledger.aggregates import hand_grant, subscription
from ledger.aggregates import purchase_events as purchase
from ledger.effects import Access
from ledger.observations import PaymentOutcome
from projections.common import Account, Owner, Stream, place
from projections.projection import Computed, Projection
from projections.rows import Row


class GroupRegistration(Row, frozen=True):
    """A registration by what pays for it; one that nothing pays for is none of the ledger's."""

    stream: Stream
    group_id: Annotated[str, Meta(description="The application's own id of the group.")]
    source_kind: Annotated[str, Meta(description="What it is by: purchase, subscription or grant.")]
    source_id: Annotated[str, Meta(description="The purchase_id, subscription_id or grant.")]
    account: Account
    customer_id: Owner = None
    cart_id: Annotated[
        str | None, Meta(description="The cart that tracks it, where a subscription names one.")
    ] = None
    paid_at: Annotated[
        datetime | None, Meta(description="Since when it is paid for; NULL: not yet, or free.")
    ] = None
    ends_at: Annotated[
        datetime | None, Meta(description="When it ends or ended, any grace included.")
    ] = None
    user_id: Annotated[
        str | None, Meta(description="Whom the payment or subscription itself names.")
    ] = None
    over_at: Annotated[
        datetime | None, Meta(description="When its subscription ended, paid for or not.")
    ] = None
    given_up: Annotated[bool, Meta(description="Nobody will make its payment any more.")] = False


def status(row: GroupRegistration, at: datetime) -> str:
    """How a registration stands at a moment (a test holds this and the SQL together)."""
    if row.ends_at is not None and row.ends_at <= at:
        return "ended"
    if row.source_kind == hand_grant.HandGrant.CATEGORY:
        return "free"
    if row.paid_at is not None:
        return "paid"
    return "ended" if row.given_up else "pending"


STATUS_AT = (
    "CASE WHEN ends_at <= {at} THEN 'ended' WHEN source_kind = 'grant' THEN 'free'"
    " WHEN paid_at IS NOT NULL THEN 'paid' WHEN given_up THEN 'ended' ELSE 'pending' END"
)


def described(row: GroupRegistration | None, event: purchase.Described) -> GroupRegistration | None:
    """A payment for a group is open, or was until it was given up."""
    terms = event.terms
    group_id = _group(terms.features) if event.ours else None
    told = _told(row, event.originator_id, group_id, terms.payer.user_id, None)
    return replace(told, given_up=event.closed in GIVEN_UP) if told else None


def closed(
    row: GroupRegistration | None, event: purchase.PaymentClosed
) -> GroupRegistration | None:
    """Nobody will pay any more; a try that failed may be followed by another."""
    return replace(row, given_up=event.outcome in GIVEN_UP) if row else None


def stands(row: GroupRegistration | None, event: subscription.Standing) -> GroupRegistration | None:
    """A subscription to a group as it stands."""
    plan = event.standing.state
    group_id = _group(plan.features)
    return _told(
        row, event.originator_id, group_id, plan.payer.user_id, plan.cart_id, plan.ended_at
    )


def entitled(row: GroupRegistration | None, event: Any) -> GroupRegistration | None:
    """It is paid for, or no longer."""
    access: Access | None = event.access
    group_id = _group(access.features) if access else None
    if access is None or group_id is None:
        return None if row is None else _unpaid(row)
    return replace(
        row or _new(event.originator_id, group_id),
        customer_id=access.customer_id,
        group_id=group_id,
        paid_at=access.granted_at,
        ends_at=access.ends_at,
    )


def granted(row: GroupRegistration | None, event: hand_grant.Entitled) -> GroupRegistration | None:
    """It costs nothing."""
    after = entitled(row, event)
    return replace(after, paid_at=None) if after else None


def _told(
    row: GroupRegistration | None,
    stream: str,
    group_id: str | None,
    user_id: str | None,
    cart_id: str | None,
    over_at: datetime | None = None,
) -> GroupRegistration | None:
    if group_id is None:
        return None
    known = row or _new(stream, group_id)
    told = replace(known, group_id=group_id, cart_id=cart_id, user_id=user_id, over_at=over_at)
    return told if told.paid_at else _unpaid(told)


def _unpaid(row: GroupRegistration) -> GroupRegistration:
    """Without access nobody but the payment itself says whose it is, and that it will not come."""
    return replace(row, customer_id=row.user_id, paid_at=None, ends_at=row.over_at)


def _new(stream: str, group_id: str) -> GroupRegistration:
    kind, account, key = place(stream)
    return GroupRegistration(stream, group_id, kind, key, account)


def _group(features: Sequence[str]) -> str | None:
    """A payment or subscription is for one group; the first where it names several."""
    groups = (each.removeprefix(PREFIX) for each in features if each.startswith(PREFIX))
    return next(groups, None)


PREFIX = "group:"
GIVEN_UP: tuple[PaymentOutcome, ...] = ("abandoned", "canceled")

GROUP_REGISTRATIONS = Projection(
    name="group_registrations",
    comment="Who is registered for which group. Key: account, source_kind, source_id.",
    row=GroupRegistration,
    key=("stream",),
    folds={
        purchase.Described: described,
        purchase.PaymentClosed: closed,
        purchase.Entitled: entitled,
        subscription.Started: stands,
        subscription.Changed: stands,
        subscription.StatusChanged: stands,
        subscription.Ended: stands,
        subscription.Entitled: entitled,
        hand_grant.Entitled: granted,
    },
    private=frozenset({"stream", "user_id", "over_at", "given_up"}),
    computed=(
        Computed(
            "status",
            STATUS_AT.format(at="now()"),
            "pending, paid, free, or ended (its payment given up, too), as of now.",
        ),
    ),
    indexes=(("customer_id",), ("group_id",), ("cart_id",)),
)
