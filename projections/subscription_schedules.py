"""Changes of subscriptions that are planned ahead."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Owner, ProviderCustomerId, Stream
from projections.mirrored import CreatedAt, mirror_of
from projections.rows import Row


class SubscriptionSchedule(Row, frozen=True):
    """A schedule; what it does to its subscription is reported there when it happens."""

    stream: Stream
    subscription_schedule_id: Annotated[str, Meta(description="The provider's id, sub_sched_...")]
    account: Account
    customer_id: Owner
    provider_customer_id: ProviderCustomerId
    subscription_id: Annotated[
        str | None, Meta(description="The subscription; NULL before its first phase.")
    ]
    status: Annotated[
        str, Meta(description="not_started, active, completed, released or canceled.")
    ]
    end_behavior: Annotated[
        str | None, Meta(description="release: the subscription goes on; cancel: it ends.")
    ]
    phases: Annotated[int, Meta(description="How many phases are planned in all.")]
    phase_started_at: Annotated[datetime | None, Meta(description="Start of the phase it is in.")]
    phase_ends_at: Annotated[datetime | None, Meta(description="When the next change is due.")]
    created_at: CreatedAt
    ended_at: Annotated[
        datetime | None, Meta(description="When it was completed, released or canceled.")
    ]
    ambiguous: Ambiguous


def row(
    event: nouns.ScheduleReported, state: mirrors.Schedule, account: str, key: str
) -> SubscriptionSchedule:
    """A schedule as it stands."""
    return SubscriptionSchedule(
        stream=event.originator_id,
        subscription_schedule_id=key,
        account=account,
        customer_id=event.customer_id,
        provider_customer_id=state.provider_customer_id,
        subscription_id=state.subscription_id,
        status=state.status,
        end_behavior=state.end_behavior,
        phases=state.phases,
        phase_started_at=state.phase_started_at,
        phase_ends_at=state.phase_ends_at,
        created_at=state.created,
        ended_at=state.ended_at,
        ambiguous=event.ambiguous,
    )


SUBSCRIPTION_SCHEDULES = mirror_of(
    *(nouns.Schedule, SubscriptionSchedule, row, "subscription_schedules"),
    "Changes of subscriptions planned ahead. Key: account, subscription_schedule_id.",
    *("subscription_schedule_id", "subscription_id", "customer_id"),
)
