"""Balance transactions: what moved the balance, and what Stripe kept of it.

No event is about one. Disputes enclose theirs, and so does what an endpoint has expanded; of others
there is only the id, and the fetcher brings the object itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from ledger.aggregates.mirrors import BalanceTransaction as Noun
from ledger.errors import UnknownCurrency
from ledger.mirrors import BalanceTransaction
from ledger.money import MINOR_DIGITS
from ledger.observations import MirrorObserved, Observation
from ledger.providers.stripe.observer import Reader, StripeEvent, at
from ledger.providers.stripe.payloads import (
    Id,
    Link,
    Payload,
    Ref,
    Seconds,
    SignedMinor,
    Text,
    link,
)
from ledger.providers.stripe.readers.mirrored import Named
from ledger.snapshots import Snapshot

FEES = {
    "stripe_fee": "provider",
    "payment_method_passthrough_fee": "provider",
    "application_fee": "application",
    "tax": "tax",
    "withheld_tax": "tax",
}
"""Stripe's kind of fee -> ours; one that is not here counts in the sum of all."""


class Fee(Payload, frozen=True):
    type: str
    amount: SignedMinor


class Source(Ref, frozen=True):
    """What moved the balance: a charge, a refund, a dispute, or what pays nobody's purchase."""

    object: str | None = None
    payment_intent: Link = None


class Movement(Named, frozen=True):
    """A balance transaction, enclosed or fetched."""

    type: Text
    amount: SignedMinor
    currency: str
    fee: SignedMinor
    net: SignedMinor
    created: Seconds
    available_on: Seconds
    fee_details: tuple[Fee, ...] = ()
    reporting_category: Text | None = None
    source: Id | Source | None = None


def fetched(event: StripeEvent) -> tuple[Observation, ...]:
    """One that was asked for, with its source expanded."""
    found = event.object(Movement)
    source = found.source if isinstance(found.source, Source) else None
    return (_observed(found, purchase_of(source) if source else None),)


def with_movements(reader: Reader) -> Reader:
    """A reader that also says what balance transactions its object encloses."""

    def read(event: StripeEvent) -> tuple[Observation, ...]:
        said = reader(event)
        found = [each for each in _enclosed(event) if isinstance(each, dict)]
        return (*said, *_movements(event, found)) if found else said

    return read


def _enclosed(event: StripeEvent) -> Iterator[Any]:
    for field in ("balance_transaction", "failure_balance_transaction"):
        yield event.field(field)
    several = event.field("balance_transactions")
    yield from several if isinstance(several, list) else ()


def _movements(event: StripeEvent, found: list[Any]) -> Iterator[Observation]:
    """Raises msgspec.ValidationError."""
    purchase_id = purchase_of(event.as_it_came(Source))
    for each in found:
        yield _observed(msgspec.convert(each, Movement), purchase_id)


def purchase_of(source: Source) -> str | None:
    """The payment; one of before 2020 that names only its charge does not tell."""
    own = source.id if source.object == "charge" else None
    return link(source.payment_intent) or own


def _observed(found: Movement, purchase_id: str | None) -> Observation:
    """As of its own time, since it stays as it is; a report that knows the payment says more."""
    said = state(found, purchase_id)
    snapshot = Snapshot(said, said.created, rank=int(purchase_id is not None))
    return MirrorObserved(Noun.CATEGORY, found.id, snapshot)


def state(found: Movement, purchase_id: str | None) -> BalanceTransaction:
    """A balance transaction in our words. Raises UnknownCurrency."""
    if found.currency not in MINOR_DIGITS:
        raise UnknownCurrency(found.currency)
    fees: Counter[str] = Counter()
    for each in found.fee_details:
        fees[FEES.get(each.type, each.type)] += each.amount
    return BalanceTransaction(
        kind=found.type,
        category=found.reporting_category,
        source_id=link(found.source),
        purchase_id=purchase_id,
        currency=found.currency,
        amount_minor=found.amount,
        fee_minor=found.fee,
        net_minor=found.net,
        provider_fee_minor=fees["provider"],
        application_fee_minor=fees["application"],
        tax_minor=fees["tax"],
        created=at(found.created),
        available_on=at(found.available_on),
    )
