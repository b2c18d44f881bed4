"""Which plan each user had from when until when: at any instant one at most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates.plan_holder import PlanReported
from projections.common import Account, CustomerId, Stream, place
from projections.projection import Many, Projection
from projections.rows import Row


class PlanPeriod(Row, frozen=True):
    """A stretch of time in which one plan held."""

    stream: Stream
    period: Annotated[str, Meta(description="Its number in the order of time.")]
    customer_id: CustomerId
    account: Account
    plan_id: Annotated[str, Meta(description="The plan, as in catalog.")]
    subscription_id: Annotated[str, Meta(description="The subscription it was had by.")]
    held_from: Annotated[datetime, Meta(description="Since when, this instant included.")]
    held_until: Annotated[
        datetime | None, Meta(description="Until when, this instant excluded; NULL: it holds.")
    ]


def numbered(event: PlanReported) -> Iterator[tuple[tuple[str, str], int]]:
    """The rows of all periods there are, or were before."""
    for number in range(max(event.before, len(event.periods))):
        yield (event.originator_id, f"{number + 1:06}"), number


def held(_: PlanPeriod | None, event: PlanReported, number: int) -> PlanPeriod | None:
    """The period with this number, if there still are so many."""
    if number >= len(event.periods):
        return None
    _category, account, customer_id = place(event.originator_id)
    period = event.periods[number]
    return PlanPeriod(
        stream=event.originator_id,
        period=f"{number + 1:06}",
        customer_id=customer_id,
        account=account,
        plan_id=period.plan_id,
        subscription_id=period.subscription_id,
        held_from=period.start,
        held_until=period.end,
    )


PLAN_PERIODS = Projection(
    name="plan_periods",
    comment="Which plan each user had when. Key: account, customer_id, held_from.",
    row=PlanPeriod,
    key=("stream", "period"),
    folds={PlanReported: Many(numbered, held)},
    private=frozenset({"stream", "period"}),
    indexes=(("customer_id",), ("subscription_id",)),
)
