"""Balance transactions: what each payment cost, and what the provider's balance gained by it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Stream
from projections.mirrored import CreatedAt, mirror_of
from projections.rows import Row


class BalanceTransaction(Row, frozen=True):
    """One movement of the provider's balance; it never changes."""

    stream: Stream
    balance_transaction_id: Annotated[str, Meta(description="The provider's id, txn_...")]
    account: Account
    type: Annotated[
        str, Meta(description="charge, payment, refund, adjustment, payout, stripe_fee, ...")
    ]
    reporting_category: Annotated[
        str | None,
        Meta(description="The provider's word in reports: charge, refund, dispute, ..."),
    ]
    source_id: Annotated[
        str | None, Meta(description="What moved it: a charge, refund, dispute, payout, ...")
    ]
    purchase_id: Annotated[
        str | None, Meta(description="The payment it belongs to, as in `purchases`, if any.")
    ]
    currency: Annotated[
        str,
        Meta(
            description="ISO 4217 code in lower case of the balance, which need not be that of "
            "the payment; amounts are in its minor units."
        ),
    ]
    amount_minor: Annotated[int, Meta(description="What moved; negative where money left.")]
    fee_minor: Annotated[int, Meta(description="What was kept of it in all, taxes included.")]
    net_minor: Annotated[int, Meta(description="What the balance gained: amount less fee.")]
    provider_fee_minor: Annotated[int, Meta(description="What of the fee is the provider's own.")]
    application_fee_minor: Annotated[
        int,
        Meta(description="What of the fee is the platform's, of an account's payment."),
    ]
    tax_minor: Annotated[int, Meta(description="What of the fee is tax.")]
    available_on: Annotated[datetime, Meta(description="When it can be paid out.")]
    created_at: CreatedAt
    ambiguous: Ambiguous


def row(
    event: nouns.BalanceTransactionReported,
    moved: mirrors.BalanceTransaction,
    account: str,
    key: str,
) -> BalanceTransaction:
    """A movement as it was reported."""
    return BalanceTransaction(
        stream=event.originator_id,
        balance_transaction_id=key,
        account=account,
        type=moved.kind,
        reporting_category=moved.category,
        source_id=moved.source_id,
        purchase_id=moved.purchase_id,
        currency=moved.currency,
        amount_minor=moved.amount_minor,
        fee_minor=moved.fee_minor,
        net_minor=moved.net_minor,
        provider_fee_minor=moved.provider_fee_minor,
        application_fee_minor=moved.application_fee_minor,
        tax_minor=moved.tax_minor,
        available_on=moved.available_on,
        created_at=moved.created,
        ambiguous=event.ambiguous,
    )


BALANCE_TRANSACTIONS = mirror_of(
    *(nouns.BalanceTransaction, BalanceTransaction, row, "balance_transactions"),
    "What moved the provider's balance and what that cost. Key: account, balance_transaction_id.",
    *("balance_transaction_id", "purchase_id", "source_id", "available_on"),
)
