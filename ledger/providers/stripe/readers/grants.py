"""billing.credit_* and entitlements.*: what Stripe itself says a customer may use, and for free."""

from __future__ import annotations

from ledger.aggregates import mirrors
from ledger.mirrors import ActiveEntitlements, CreditGrant, Part
from ledger.money import Minor, Money
from ledger.observations import MirrorObserved, Observation
from ledger.providers.stripe.observer import StripeEvent, at, maybe_at
from ledger.providers.stripe.payloads import Id, Link, Payload, Seconds, Text, link
from ledger.providers.stripe.readers.mirrored import Named, reader


class Monetary(Payload, frozen=True):
    currency: str
    value: Minor


class Amount(Payload, frozen=True):
    monetary: Monetary

    @property
    def money(self) -> Money:
        return Money(self.monetary.value, self.monetary.currency)


class Grant(Named, frozen=True):
    amount: Amount
    created: Seconds
    category: Text | None = None
    customer: Link = None
    effective_at: Seconds | None = None
    expires_at: Seconds | None = None
    name: Text | None = None
    voided_at: Seconds | None = None


class Movement(Payload, frozen=True):
    amount: Amount
    type: Text


class Transaction(Named, frozen=True):
    credit_grant: Link
    credit: Movement | None = None
    debit: Movement | None = None


class Entitled(Payload, frozen=True):
    lookup_key: Text


class EntitledList(Payload, frozen=True):
    data: list[Entitled]
    has_more: bool = False


class Summary(Payload, frozen=True):
    customer: Id
    entitlements: EntitledList


def grant(found: Grant) -> CreditGrant:
    """A credit grant in our words."""
    return CreditGrant(
        provider_customer_id=link(found.customer),
        amount=found.amount.money,
        created=at(found.created),
        category=found.category,
        name=found.name,
        effective_at=maybe_at(found.effective_at),
        expires_at=maybe_at(found.expires_at),
        voided_at=maybe_at(found.voided_at),
    )


def moved(event: StripeEvent) -> tuple[Observation, ...]:
    """One movement of a grant's balance; its kind is Stripe's word, such as credits_applied."""
    found = event.object(Transaction)
    grant_id, movement = link(found.credit_grant), found.debit or found.credit
    if grant_id is None or movement is None:
        return ()
    part = Part(movement.type, found.id, movement.amount.money)
    return (MirrorObserved(mirrors.CreditGrant.CATEGORY, grant_id, part=part),)


def entitled(summary: Summary) -> ActiveEntitlements:
    """All features of a customer, unless there are too many for one event."""
    return ActiveEntitlements(
        provider_customer_id=summary.customer,
        features=tuple(sorted(each.lookup_key for each in summary.entitlements.data)),
        complete=not summary.entitlements.has_more,
    )


def summarized(event: StripeEvent) -> tuple[Observation, ...]:
    """The whole set of a customer's features; it replaces the one before."""
    snapshot = event.snapshot(Summary, entitled, rank=1)
    key = event.object(Summary).customer
    return (MirrorObserved(mirrors.ActiveEntitlements.CATEGORY, key, snapshot),)


created = reader(mirrors.CreditGrant, Grant, grant, rank=0)
updated = reader(mirrors.CreditGrant, Grant, grant)
