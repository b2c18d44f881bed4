"""payment_method.*, setup_intent.* and mandate.*: what a customer pays with."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec.structs import replace

from ledger.aggregates import mirrors
from ledger.mirrors import Mandate, PaymentMethod, SetupIntent
from ledger.observations import MirrorObserved, Observation
from ledger.providers.stripe.observer import StripeEvent, at, maybe_at
from ledger.providers.stripe.payloads import Count, Link, Payload, Seconds, Text, link
from ledger.providers.stripe.readers.mirrored import Named, reader
from ledger.snapshots import Snapshot

LastFour = Annotated[str, msgspec.Meta(max_length=4)]


class Details(Payload, frozen=True):
    brand: Text | None = None
    last4: LastFour | None = None
    exp_month: Count | None = None
    exp_year: Count | None = None


class Method(Named, frozen=True):
    """A card, or one of the bank accounts that tell a last four; others have only a type."""

    type: str
    customer: Link = None
    card: Details | None = None
    acss_debit: Details | None = None
    au_becs_debit: Details | None = None
    bacs_debit: Details | None = None
    nz_bank_account: Details | None = None
    sepa_debit: Details | None = None
    us_bank_account: Details | None = None


class SetupError(Payload, frozen=True):
    code: Text | None = None
    decline_code: Text | None = None


class Setup(Named, frozen=True):
    status: str
    created: Seconds
    customer: Link = None
    last_setup_error: SetupError | None = None
    payment_method: Link = None


class Acceptance(Payload, frozen=True):
    accepted_at: Seconds | None = None


class Leave(Named, frozen=True):
    status: str
    type: str
    customer_acceptance: Acceptance | None = None
    payment_method: Link = None


def method(found: Method) -> PaymentMethod:
    """A payment method in our words."""
    details: Details = getattr(found, found.type, None) or Details()
    return PaymentMethod(
        provider_customer_id=link(found.customer),
        kind=found.type,
        brand=details.brand,
        last4=details.last4,
        exp_month=details.exp_month,
        exp_year=details.exp_year,
    )


def setup(found: Setup) -> SetupIntent:
    """A setup intent in our words."""
    error = found.last_setup_error
    return SetupIntent(
        provider_customer_id=link(found.customer),
        status=found.status,
        created=at(found.created),
        payment_method_id=link(found.payment_method),
        error=(error.decline_code or error.code) if error else None,
    )


def mandate(found: Leave) -> Mandate:
    """A mandate in our words."""
    acceptance = found.customer_acceptance
    return Mandate(
        status=found.status,
        kind=found.type,
        payment_method_id=link(found.payment_method),
        accepted_at=maybe_at(acceptance.accepted_at) if acceptance else None,
    )


def detached(event: StripeEvent) -> tuple[Observation, ...]:
    """It is gone for good, and names its customer only as the one before."""
    snapshot = event.snapshot(Method, method, rank=2)
    left = snapshot.prior.provider_customer_id if snapshot.prior else None
    known: Snapshot[PaymentMethod] | None = None
    if left:
        known = Snapshot(replace(snapshot.state, provider_customer_id=left), event.created, rank=2)
    key = event.object(Method).id
    return (MirrorObserved(mirrors.PaymentMethod.CATEGORY, key, known, "detached"),)


attached = reader(mirrors.PaymentMethod, Method, method, rank=0, since="attached")
updated = reader(mirrors.PaymentMethod, Method, method)

setup_created = reader(mirrors.SetupIntent, Setup, setup, rank=0)
setup_acting = reader(mirrors.SetupIntent, Setup, setup, rank=1)
setup_failed = reader(mirrors.SetupIntent, Setup, setup, rank=2)
setup_over = reader(mirrors.SetupIntent, Setup, setup, rank=3)

mandate_updated = reader(mirrors.Mandate, Leave, mandate)
