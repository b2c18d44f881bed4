"""How many credits each customer has, and where the others went."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ledger.aggregates.credit_wallet import Granted, GrantWithdrawn, Revoked, Spent, Totals
from projections.common import Account, CustomerId, Stream, place
from projections.projection import Projection
from projections.rows import Row


class Balance(Row, frozen=True):
    """A wallet's sums in credits: granted + shortfall = spent + revoked + available."""

    stream: Stream
    customer_id: CustomerId
    account: Account
    granted: Annotated[int, Meta(description="Credits given in all.")]
    spent: Annotated[int, Meta(description="Credits consumed by the application.")]
    revoked: Annotated[int, Meta(description="Credits taken back with their payment.")]
    available: Annotated[int, Meta(description="Credits that can be spent.")]
    shortfall: Annotated[int, Meta(description="Credits taken back after they were spent.")]


def totals(
    row: Balance | None, event: Granted | Revoked | GrantWithdrawn | Spent
) -> Balance | None:
    """The sums after the event; a wallet whose only grants were somebody else's is none."""
    sums = event.totals
    if sums == NOTHING:
        return None
    _, account, key = place(event.originator_id)
    return Balance(
        stream=event.originator_id,
        customer_id=key,
        account=account,
        granted=sums.granted,
        spent=sums.spent,
        revoked=sums.revoked,
        available=sums.available,
        shortfall=sums.shortfall,
    )


NOTHING = Totals()

BALANCES = Projection(
    name="balances",
    comment="Credits of each customer who ever had some. Key: account, customer_id.",
    row=Balance,
    key=("stream",),
    folds={Granted: totals, Revoked: totals, GrantWithdrawn: totals, Spent: totals},
    indexes=(("customer_id",),),
)
