"""The columns of a purchase: what finance reads, and what its status is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from projections.common import (
    Account,
    Ambiguous,
    Features,
    Owner,
    ProviderCustomerId,
    Stream,
)
from projections.rows import Row


class Purchase(Row, frozen=True):
    """One payment of money, whatever objects reported it."""

    stream: Stream
    purchase_id: Annotated[
        str,
        Meta(
            description="The payment intent; without one the checkout session, without that "
            "the charge."
        ),
    ]
    account: Account
    customer_id: Owner = None
    provider_customer_id: ProviderCustomerId = None
    status: Annotated[
        str,
        Meta(
            description="pending, paid, failed, canceled, abandoned, refunded, partially_refunded, "
            "disputed, dispute_lost, other_platform or quarantined."
        ),
    ] = "pending"
    currency: Annotated[
        str | None,
        Meta(description="ISO 4217 code in lower case; amounts are in its minor units."),
    ] = None
    amount_minor: Annotated[
        int | None, Meta(description="What was asked for; NULL where no report says.")
    ] = None
    paid_minor: Annotated[int, Meta(description="What was paid, 0 before it was.")] = 0
    refunded_minor: Annotated[int, Meta(description="What was refunded in all.")] = 0
    disputed_minor: Annotated[
        int, Meta(description="What is in dispute, or lost by one; 0 again once won.")
    ] = 0
    credits: Annotated[int, Meta(description="Credits this payment buys, in all.")] = 0
    features: Features = ()
    description: Annotated[str | None, Meta(description="The provider's description.")] = None
    invoice_id: Annotated[
        str | None,
        Meta(
            description="The invoice it pays, of several the first (then it is ambiguous); NULL "
            "for a sale of its own."
        ),
    ] = None
    opened_at: Annotated[
        datetime | None, Meta(description="When the provider's first object for it was created.")
    ] = None
    paid_at: Annotated[
        datetime | None, Meta(description="When its payment was first reported.")
    ] = None
    charge_id: Annotated[
        str | None,
        Meta(description="The charge that brought the money; transfers and fees name it."),
    ] = None
    conflict: Annotated[
        str | None,
        Meta(description="What the reports of this payment say where they contradict each other."),
    ] = None
    ambiguous: Ambiguous = False
    seen: Annotated[
        bool, Meta(description="It was reported itself, not only named by an invoice.")
    ] = False
    ours: Annotated[bool, Meta(description="It is this platform's payment.")] = True
    closed: Annotated[
        str | None, Meta(description="failed, abandoned or canceled: how far unpaid it came.")
    ] = None
    lost_minor: Annotated[int, Meta(description="What was lost by disputes.")] = 0
    doubts: Annotated[
        tuple[str, ...], Meta(description="Whose reports cannot be put in order.")
    ] = ()
