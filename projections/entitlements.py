"""Who may use what, since when and until when; and the one definition of `active`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates import hand_grant, subscription
from ledger.aggregates import purchase_events as purchase
from projections.common import Account, CustomerId, Stream, place
from projections.projection import Computed, Many, Projection
from projections.rows import Row

Entitled = purchase.Entitled | subscription.Entitled | hand_grant.Entitled


class Entitlement(Row, frozen=True):
    """One feature that one purchase, subscription or grant by hand gives its customer."""

    stream: Stream
    customer_id: CustomerId
    feature: Annotated[str, Meta(description="What may be used, such as learning_path:7.")]
    source_kind: Annotated[str, Meta(description="What gives it: purchase, subscription or grant.")]
    source_id: Annotated[str, Meta(description="The purchase_id, subscription_id or grant.")]
    account: Account
    granted_at: Annotated[datetime, Meta(description="Since when.")]
    paid_until: Annotated[
        datetime | None, Meta(description="Until when it is paid for; NULL: for good.")
    ]
    ends_at: Annotated[
        datetime | None, Meta(description="When access ends or ended, any grace included.")
    ]
    ended_because: Annotated[str | None, Meta(description="The fact that set the end, if one did.")]
    trial: Annotated[bool, Meta(description="It is a trial.")]
    note: Annotated[
        str | None, Meta(description="Why a person granted it by hand; NULL where it was bought.")
    ] = None


# ---- the one definition, in Python and in SQL (a test holds them together) ---------------------


def active(row: Entitlement, at: datetime) -> bool:
    """Whether the feature may be used at a moment."""
    return row.granted_at <= at and (row.ends_at is None or at < row.ends_at)


def reason(row: Entitlement, at: datetime) -> str:
    """Why: while access lasts paid, trial, grace or granted, and then the fact that ended it."""
    if row.ends_at is not None and at >= row.ends_at:
        return row.ended_because or "expired"
    if row.paid_until is not None and at >= row.paid_until:
        return "grace"
    if row.source_kind == GRANT:
        return "granted"
    return "trial" if row.trial else "paid"


GRANT = hand_grant.HandGrant.CATEGORY


ACTIVE_AT = "(granted_at <= {at} AND (ends_at IS NULL OR {at} < ends_at))"
REASON_AT = (
    "CASE WHEN {at} >= ends_at THEN coalesce(ended_because, 'expired')"
    " WHEN {at} >= paid_until THEN 'grace' WHEN source_kind = 'grant' THEN 'granted'"
    " WHEN trial THEN 'trial' ELSE 'paid' END"
)
"""SQL templates over the columns of this table, `{at}` being the moment."""

# ---- folds --------------------------------------------------------------------------------------


def features(event: Entitled) -> list[tuple[tuple[str, str], str]]:
    """The rows one source has, and those it has no longer."""
    kept = event.access.features if event.access else ()
    stream = event.originator_id
    return [((stream, feature), feature) for feature in (*kept, *event.dropped)]


def entitled(row: Entitlement | None, event: Entitled, feature: str) -> Entitlement | None:
    """The access as it stands; none when the source gives this feature no longer."""
    access = event.access
    if access is None or feature not in access.features:
        return None
    kind, account, key = place(event.originator_id)
    return Entitlement(
        stream=event.originator_id,
        customer_id=access.customer_id,
        feature=feature,
        source_kind=kind,
        source_id=key,
        account=account,
        granted_at=access.granted_at,
        paid_until=access.paid_until,
        ends_at=access.ends_at,
        ended_because=access.ended_because,
        trial=access.trial,
        note=event.note if isinstance(event, hand_grant.Entitled) else None,
    )


ENTITLEMENTS = Projection(
    name="entitlements",
    comment="Who may use what. Key: account, source_kind, source_id, feature.",
    row=Entitlement,
    key=("stream", "feature"),
    folds={
        purchase.Entitled: Many(features, entitled),
        subscription.Entitled: Many(features, entitled),
        hand_grant.Entitled: Many(features, entitled),
    },
    private=frozenset({"stream", "ended_because", "trial"}),
    computed=(
        Computed("active", ACTIVE_AT.format(at="now()"), "It may be used right now."),
        Computed(
            "reason",
            REASON_AT.format(at="now()"),
            "Why: paid, trial, grace or granted, and then expired or the fact that ended it.",
        ),
    ),
    indexes=(("customer_id",), ("source_id",)),
)
