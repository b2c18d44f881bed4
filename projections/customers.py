"""The provider's customers, and which of the application's users they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.aggregates.customer import Deleted, Identified, Reported
from projections.common import Account, Ambiguous, CustomerId, Stream, place
from projections.projection import Projection
from projections.rows import Row


class Customer(Row, frozen=True):
    """A customer whose details were reported, or whom another object named."""

    stream: Stream
    provider_customer_id: Annotated[str, Meta(description="The provider's id, cus_...")]
    account: Account
    customer_id: CustomerId
    email: Annotated[
        str | None, Meta(description="E-mail address, NULL while no details were reported.")
    ] = None
    name: Annotated[str | None, Meta(description="Name, NULL while no details were reported.")] = (
        None
    )
    created_at: Annotated[
        datetime | None, Meta(description="When the provider created the customer.")
    ] = None
    deleted_at: Annotated[
        datetime | None, Meta(description="When the provider reported the customer deleted.")
    ] = None
    ambiguous: Ambiguous = False


def reported(row: Customer | None, event: Reported) -> Customer:
    """The newest details."""
    details = event.standing.state
    return replace(
        row or unknown(event.originator_id),
        email=details.email,
        name=details.name,
        created_at=details.created,
        ambiguous=event.standing.ambiguous,
    )


def deleted(row: Customer | None, event: Deleted) -> Customer:
    """They are gone; what was known of them stays."""
    return replace(row or unknown(event.originator_id), deleted_at=event.deleted_at)


def identified(row: Customer | None, event: Identified) -> Customer:
    """The user they are."""
    return replace(row or unknown(event.originator_id), customer_id=event.customer_id)


def unknown(stream: str) -> Customer:
    """A customer of whom only the id is known."""
    _, account, key = place(stream)
    return Customer(stream, key, account, key)


CUSTOMERS = Projection(
    name="customers",
    comment="The provider's customers. Key: account, provider_customer_id.",
    row=Customer,
    key=("stream",),
    folds={Reported: reported, Deleted: deleted, Identified: identified},
    indexes=(("provider_customer_id",), ("customer_id",)),
    in_any_case=("email",),
)
