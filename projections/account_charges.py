"""Charges on customers' accounts: what is owed, and what settled it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates.charge_account import Settled
from projections.common import Account, Currency, CustomerId, Stream, place
from projections.projection import Many, Projection
from projections.rows import Row


class AccountCharge(Row, frozen=True):
    """One charge as it stands."""

    stream: Stream
    charge_id: Annotated[str, Meta(description="The application's own id of the charge.")]
    account: Account
    customer_id: CustomerId
    status: Annotated[str, Meta(description="open, paid or waived.")]
    currency: Currency
    amount_minor: Annotated[int, Meta(description="What is owed.")]
    description: Annotated[str, Meta(description="What for.")]
    due_at: Annotated[datetime, Meta(description="From when on; open after that it is past due.")]
    paid_at: Annotated[datetime | None, Meta(description="When it was paid.")] = None
    purchase_id: Annotated[str | None, Meta(description="The payment that settled it.")] = None


def changed(event: Settled) -> Iterator[tuple[tuple[str, str], str]]:
    """The charges that stand otherwise than before."""
    for charge_id in event.charges:
        yield (event.originator_id, charge_id), charge_id


def stands(_: AccountCharge | None, event: Settled, charge_id: str) -> AccountCharge:
    """The charge as it stands, whole."""
    _category, account, customer_id = place(event.originator_id)
    charge = event.charges[charge_id]
    return AccountCharge(
        stream=event.originator_id,
        charge_id=charge_id,
        account=account,
        customer_id=customer_id,
        status=charge.status,
        currency=charge.debt.amount.currency,
        amount_minor=charge.debt.amount.minor,
        description=charge.debt.description,
        due_at=charge.debt.due_at,
        paid_at=charge.paid_at,
        purchase_id=charge.payment_id,
    )


ACCOUNT_CHARGES = Projection(
    name="account_charges",
    comment="What customers owe. Key: account, customer_id, charge_id.",
    row=AccountCharge,
    key=("stream", "charge_id"),
    folds={Settled: Many(changed, stands)},
    indexes=(("customer_id",), ("purchase_id",)),
)
