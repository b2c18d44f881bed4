"""How a payment method came to be kept: attempts to set one up, and the leave to debit it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Owner, ProviderCustomerId, Stream
from projections.mirrored import CreatedAt, ProviderStatus, mirror_of
from projections.rows import Row

OfMethod = Annotated[str | None, Meta(description="The payment method, pm_...")]


class SetupIntent(Row, frozen=True):
    """An attempt to keep a payment method for later."""

    stream: Stream
    setup_intent_id: Annotated[str, Meta(description="The provider's id, seti_...")]
    account: Account
    customer_id: Owner
    provider_customer_id: ProviderCustomerId
    status: ProviderStatus
    payment_method_id: OfMethod
    error: Annotated[
        str | None, Meta(description="Why the last try failed: insufficient_funds, ...")
    ]
    created_at: CreatedAt
    ambiguous: Ambiguous


class Mandate(Row, frozen=True):
    """A customer's leave to debit a payment method."""

    stream: Stream
    mandate_id: Annotated[str, Meta(description="The provider's id, mandate_...")]
    account: Account
    payment_method_id: OfMethod
    kind: Annotated[str, Meta(description="multi_use or single_use.")]
    status: Annotated[str, Meta(description="active, pending, or inactive: no longer of use.")]
    accepted_at: Annotated[datetime | None, Meta(description="When the customer gave it.")]
    ambiguous: Ambiguous


def setup(
    event: nouns.SetupIntentReported, state: mirrors.SetupIntent, account: str, key: str
) -> SetupIntent:
    """A setup intent as it stands."""
    return SetupIntent(
        stream=event.originator_id,
        setup_intent_id=key,
        account=account,
        customer_id=event.customer_id,
        provider_customer_id=state.provider_customer_id,
        status=state.status,
        payment_method_id=state.payment_method_id,
        error=state.error,
        created_at=state.created,
        ambiguous=event.ambiguous,
    )


def mandate(
    event: nouns.MandateReported, state: mirrors.Mandate, account: str, key: str
) -> Mandate:
    """A mandate as it stands."""
    return Mandate(
        stream=event.originator_id,
        mandate_id=key,
        account=account,
        payment_method_id=state.payment_method_id,
        kind=state.kind,
        status=state.status,
        accepted_at=state.accepted_at,
        ambiguous=event.ambiguous,
    )


SETUP_INTENTS = mirror_of(
    *(nouns.SetupIntent, SetupIntent, setup, "setup_intents"),
    "Attempts to keep a payment method for later. Key: account, setup_intent_id.",
    *("setup_intent_id", "customer_id"),
)
MANDATES = mirror_of(
    *(nouns.Mandate, Mandate, mandate, "mandates"),
    "Leave to debit payment methods. Key: account, mandate_id.",
    *("mandate_id", "payment_method_id"),
)
