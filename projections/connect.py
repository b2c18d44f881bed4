"""What of the payments is connected accounts', and what the platform keeps of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Currency, Stream
from projections.mirrored import CreatedAt, OfCharge, Refunded, mirror_of
from projections.rows import Row

Moved = Annotated[int, Meta(description="What it comes to, before anything went back.")]


class Transfer(Row, frozen=True):
    """Money from the platform's balance to a connected account's."""

    stream: Stream
    transfer_id: Annotated[str, Meta(description="The provider's id, tr_...")]
    account: Account
    destination: Annotated[str | None, Meta(description="The account that gets it, acct_...")]
    currency: Currency
    amount_minor: Moved
    reversed_minor: Annotated[int, Meta(description="What of it came back in all.")]
    charge_id: OfCharge
    transfer_group: Annotated[
        str | None, Meta(description="The platform's name for what belongs together.")
    ]
    created_at: Annotated[
        datetime | None, Meta(description="When it was created; of the oldest ones NULL.")
    ]
    ambiguous: Ambiguous


class ApplicationFee(Row, frozen=True):
    """What the platform keeps of a connected account's payment."""

    stream: Stream
    application_fee_id: Annotated[str, Meta(description="The provider's id, fee_...")]
    account: Account
    connected_account: Annotated[
        str | None, Meta(description="The account whose payment it is of, acct_...")
    ]
    currency: Currency
    amount_minor: Moved
    refunded_minor: Refunded
    charge_id: OfCharge
    charge_account: Annotated[
        str, Meta(description="The account of that charge: of the same name in `purchases`.")
    ]
    created_at: CreatedAt
    ambiguous: Ambiguous


def transfer(
    event: nouns.TransferReported, state: mirrors.Transfer, account: str, key: str
) -> Transfer:
    """A transfer as it stands."""
    return Transfer(
        stream=event.originator_id,
        transfer_id=key,
        account=account,
        destination=state.destination,
        currency=state.amount.currency,
        amount_minor=state.amount.minor,
        reversed_minor=state.reversed_minor,
        charge_id=state.charge_id,
        transfer_group=state.group,
        created_at=state.created,
        ambiguous=event.ambiguous,
    )


def fee(
    event: nouns.ApplicationFeeReported, state: mirrors.ApplicationFee, account: str, key: str
) -> ApplicationFee:
    """A fee as it stands, with what its refunds come to by whichever report tells more."""
    return ApplicationFee(
        stream=event.originator_id,
        application_fee_id=key,
        account=account,
        connected_account=state.connected_account,
        currency=state.amount.currency,
        amount_minor=state.amount.minor,
        refunded_minor=max(state.refunded_minor, event.sums.get("refund", 0)),
        charge_id=state.charge_id,
        charge_account=state.charge_account,
        created_at=state.created,
        ambiguous=event.ambiguous,
    )


TRANSFERS = mirror_of(
    *(nouns.Transfer, Transfer, transfer, "transfers"),
    "Money moved to connected accounts. Key: account, transfer_id.",
    *("transfer_id", "charge_id", "destination"),
)
APPLICATION_FEES = mirror_of(
    *(nouns.ApplicationFee, ApplicationFee, fee, "application_fees"),
    "What the platform keeps of connected accounts' payments. Key: account, application_fee_id.",
    *("application_fee_id", "charge_id", "connected_account"),
)
