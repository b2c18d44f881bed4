"""What Stripe itself says a customer may use and has in credit; here it grants nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ledger import mirrors
from ledger.aggregates import mirrors as nouns
from projections.common import Account, Ambiguous, Currency, Owner, ProviderCustomerId, Stream
from projections.mirrored import CreatedAt, mirror_of
from projections.rows import Row


class StripeEntitlements(Row, frozen=True):
    """All features of one customer by Stripe's own entitlements; `entitlements` has ours."""

    stream: Stream
    provider_customer_id: Annotated[str, Meta(description="The provider's id, cus_...")]
    account: Account
    customer_id: Owner
    features: Annotated[
        tuple[str, ...], Meta(description="The lookup keys of the features that are active.")
    ]
    complete: Annotated[bool, Meta(description="False: there are more than one event can tell.")]
    ambiguous: Ambiguous


class StripeCreditGrant(Row, frozen=True):
    """Money Stripe takes off a customer's metered use; `balances` has our own credits.

    amount_minor = used_minor + expired_minor + voided_minor + remaining_minor
    """

    stream: Stream
    credit_grant_id: Annotated[str, Meta(description="The provider's id, credgr_...")]
    account: Account
    customer_id: Owner
    provider_customer_id: ProviderCustomerId
    name: Annotated[str | None, Meta(description="What the seller calls it.")]
    category: Annotated[str | None, Meta(description="paid or promotional.")]
    currency: Currency
    amount_minor: Annotated[int, Meta(description="What was granted.")]
    used_minor: Annotated[int, Meta(description="What of it invoices have used.")]
    expired_minor: Annotated[int, Meta(description="What of it has expired.")]
    voided_minor: Annotated[int, Meta(description="What of it was voided.")]
    remaining_minor: Annotated[int, Meta(description="What is left, by the movements reported.")]
    created_at: CreatedAt
    effective_at: Annotated[datetime | None, Meta(description="Since when it may be used.")]
    expires_at: Annotated[datetime | None, Meta(description="Until when it may be used.")]
    voided_at: Annotated[datetime | None, Meta(description="When it was voided.")]
    ambiguous: Ambiguous


def features(
    event: nouns.ActiveEntitlementsReported,
    state: mirrors.ActiveEntitlements,
    account: str,
    key: str,
) -> StripeEntitlements:
    """A customer's features as Stripe sees them."""
    return StripeEntitlements(
        stream=event.originator_id,
        provider_customer_id=key,
        account=account,
        customer_id=event.customer_id,
        features=state.features,
        complete=state.complete,
        ambiguous=event.ambiguous,
    )


def grant(
    event: nouns.CreditGrantReported, state: mirrors.CreditGrant, account: str, key: str
) -> StripeCreditGrant:
    """A grant as it stands, with what its movements come to."""
    sums = event.sums
    used = sums.get("credits_applied", 0) - sums.get("credits_application_invoice_voided", 0)
    expired, voided = sums.get("credits_expired", 0), sums.get("credits_voided", 0)
    return StripeCreditGrant(
        stream=event.originator_id,
        credit_grant_id=key,
        account=account,
        customer_id=event.customer_id,
        provider_customer_id=state.provider_customer_id,
        name=state.name,
        category=state.category,
        currency=state.amount.currency,
        amount_minor=state.amount.minor,
        used_minor=used,
        expired_minor=expired,
        voided_minor=voided,
        remaining_minor=state.amount.minor - used - expired - voided,
        created_at=state.created,
        effective_at=state.effective_at,
        expires_at=state.expires_at,
        voided_at=state.voided_at,
        ambiguous=event.ambiguous,
    )


STRIPE_ENTITLEMENTS = mirror_of(
    *(nouns.ActiveEntitlements, StripeEntitlements, features, "stripe_entitlements"),
    "What Stripe's own entitlements say. Key: account, provider_customer_id.",
    *("provider_customer_id", "customer_id"),
)
STRIPE_CREDIT_GRANTS = mirror_of(
    *(nouns.CreditGrant, StripeCreditGrant, grant, "stripe_credit_grants"),
    "Stripe's own billing credits. Key: account, credit_grant_id.",
    *("credit_grant_id", "customer_id"),
)
