"""customer.*: who a customer is."""

from __future__ import annotations

from ledger.observations import CustomerDetails, CustomerObserved, Observation
from ledger.providers.stripe import contract
from ledger.providers.stripe.observer import StripeEvent, at
from ledger.providers.stripe.payloads import Customer, Tombstone


def created(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=0, born=True)


def updated(event: StripeEvent) -> tuple[Observation, ...]:
    return _observed(event, rank=1)


def deleted(event: StripeEvent) -> tuple[Observation, ...]:
    left = event.object(Tombstone)
    if left.created is None:
        return (CustomerObserved(left.id, None, deleted=True),)
    return _observed(event, rank=2, deleted=True)


def _observed(
    event: StripeEvent, rank: int, born: bool = False, deleted: bool = False
) -> tuple[Observation, ...]:
    snapshot = event.snapshot(Customer, details, rank, born)
    return (CustomerObserved(event.object(Customer).id, snapshot, deleted),)


def details(customer: Customer) -> CustomerDetails:
    """A customer's details in our words."""
    return CustomerDetails(
        created=at(customer.created),
        user_id=contract.said(customer.metadata, "user_id"),
        email=customer.email,
        name=customer.name,
        locale=next(iter(customer.preferred_locales or ()), None),
    )
