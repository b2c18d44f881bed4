"""Payments on customers' accounts: those asked for, and those that came from outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger.aggregates.charge_account import Settled
from projections.common import Account, Currency, CustomerId, ProviderCustomerId, Stream, place
from projections.projection import Many, Projection
from projections.rows import Row


class AccountPayment(Row, frozen=True):
    """One payment as it stands."""

    stream: Stream
    payment_key: Annotated[
        str, Meta(description="The request (ap_...), or the purchase where none asked for it.")
    ]
    account: Account
    customer_id: CustomerId
    provider_customer_id: ProviderCustomerId
    status: Annotated[
        str,
        Meta(
            description="pending, paid, mismatched (the money came and settles nothing), "
            "refunded or canceled."
        ),
    ]
    currency: Currency
    amount_minor: Annotated[int, Meta(description="What was asked for, then what came.")]
    refunded_minor: Annotated[int, Meta(description="What went back.")]
    charge_ids: Annotated[
        tuple[str, ...], Meta(description="The charges it was asked for; none from outside.")
    ]
    is_external: Annotated[
        bool, Meta(description="It came by a page of the provider's, and nothing asked for it.")
    ]
    purchase_id: Annotated[
        str | None, Meta(description="The payment in purchases; NULL while it is being opened.")
    ]
    requested_at: Annotated[datetime | None, Meta(description="When it was asked for.")]
    paid_at: Annotated[datetime | None, Meta(description="When the money came.")]
    mismatch: Annotated[
        str | None, Meta(description="Why money that came settles nothing: somebody must look.")
    ]


def changed(event: Settled) -> Iterator[tuple[tuple[str, str], str]]:
    """The payments that stand otherwise than before, and those that are gone."""
    for key in (*event.payments, *event.gone):
        yield (event.originator_id, key), key


def stands(_: AccountPayment | None, event: Settled, key: str) -> AccountPayment | None:
    """The payment as it stands, whole; none that turned out to be another's."""
    payment = event.payments.get(key)
    if payment is None:
        return None
    _category, account, customer_id = place(event.originator_id)
    return AccountPayment(
        stream=event.originator_id,
        payment_key=key,
        account=account,
        customer_id=customer_id,
        provider_customer_id=payment.provider_customer_id,
        status=payment.status,
        currency=payment.amount.currency,
        amount_minor=payment.amount.minor,
        refunded_minor=payment.refunded_minor,
        charge_ids=payment.charge_ids,
        is_external=payment.request_id is None,
        purchase_id=payment.payment_id,
        requested_at=payment.requested_at,
        paid_at=payment.paid_at,
        mismatch=payment.mismatch,
    )


ACCOUNT_PAYMENTS = Projection(
    name="account_payments",
    comment="Payments for charges, and from outside. Key: account, customer_id, payment_key.",
    row=AccountPayment,
    key=("stream", "payment_key"),
    folds={Settled: Many(changed, stands)},
    indexes=(("customer_id",), ("purchase_id",)),
)
