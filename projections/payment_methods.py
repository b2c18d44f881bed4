"""What customers pay with: kind, brand and last four, never more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Owner, ProviderCustomerId, Stream
from projections.mirrored import mirror_of
from projections.rows import Row


class PaymentMethod(Row, frozen=True):
    """A payment method that is or was kept for a customer."""

    stream: Stream
    payment_method_id: Annotated[str, Meta(description="The provider's id, pm_...")]
    account: Account
    customer_id: Owner
    provider_customer_id: ProviderCustomerId
    kind: Annotated[str, Meta(description="card, sepa_debit, us_bank_account, link, ...")]
    brand: Annotated[str | None, Meta(description="Of a card: visa, mastercard, ...")]
    last4: Annotated[str | None, Meta(description="The last four of its number.")]
    exp_month: Annotated[int | None, Meta(description="Month in which a card expires, 1 to 12.")]
    exp_year: Annotated[int | None, Meta(description="Year in which a card expires.")]
    attached_at: Annotated[
        datetime | None, Meta(description="When it was first kept for the customer.")
    ]
    detached_at: Annotated[
        datetime | None, Meta(description="Since when it cannot be used any more.")
    ]
    ambiguous: Ambiguous


def row(
    event: nouns.PaymentMethodReported, method: mirrors.PaymentMethod, account: str, key: str
) -> PaymentMethod:
    """A payment method as it stands."""
    return PaymentMethod(
        stream=event.originator_id,
        payment_method_id=key,
        account=account,
        customer_id=event.customer_id,
        provider_customer_id=method.provider_customer_id,
        kind=method.kind,
        brand=method.brand,
        last4=method.last4,
        exp_month=method.exp_month,
        exp_year=method.exp_year,
        attached_at=event.since.get("attached"),
        detached_at=event.since.get("detached"),
        ambiguous=event.ambiguous,
    )


PAYMENT_METHODS = mirror_of(
    *(nouns.PaymentMethod, PaymentMethod, row, "payment_methods"),
    "What customers pay with. Key: account, payment_method_id.",
    *("payment_method_id", "customer_id"),
)
