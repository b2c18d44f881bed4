"""Commands that start with the application: appended to the Ledger, idempotent by the caller's key.

Each is written to commute with the webhooks that report the same thing, and tried again when a
stream moved on under it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec
from eventsourcing.persistence import IntegrityError

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.purchase import Purchase
from ledger.application import Ledger
from ledger.books import Books, Load
from ledger.consequences import settle_all
from ledger.desk import Desk
from ledger.errors import Contended
from ledger.event import Cause, Event
from ledger.ids import Scope
from ledger.policy import Policy

A = TypeVar("A", bound=Aggregate)

TRIES = 10


class Claim(msgspec.Struct, frozen=True):
    """A person's word that a payment is a customer's, given at `at`."""

    payment_id: str
    customer_id: str
    at: datetime


def spend_credits(
    ledger: Ledger, scope: Scope, customer_id: str, credits: int, key: str, now: datetime
) -> Totals:
    """Consumes credits of a customer's wallet, once per `key`; returns the wallet's sums.

    Raises InsufficientCredits, InvalidCredits, KeyReused, Contended, and StoreUnavailable.
    """
    stream = scope.stream(CreditWallet.CATEGORY, customer_id)
    why = Cause(f"spend/{key}", now, now)
    wallet = decided(ledger, CreditWallet, stream, lambda it: it.spend(key, credits, why))
    return wallet.totals


def claim_payment(ledger: Ledger, load: Load, policy: Policy, scope: Scope, claim: Claim) -> None:
    """Says whose a payment is that nobody knew; it then counts from the time it was paid.

    Raises UnknownPayment, AlreadyOwned, Contended, and StoreUnavailable.
    """
    why = Cause(f"claim/{claim.payment_id}", claim.at, claim.at)
    for _ in range(TRIES):
        books = Books(load)
        desk = Desk(books, policy, scope, why)
        purchase = desk.get(Purchase, claim.payment_id)
        purchase.claim(claim.customer_id, why)
        desk.unsettle(purchase.id)
        settle_all(desk)
        books.keep()
        try:
            ledger.append(books.collect_events())
        except IntegrityError:
            continue
        return
    raise Contended(purchase.id, TRIES)


def decided(ledger: Ledger, kind: type[A], stream: str, decide: Callable[[A], None]) -> A:
    """The aggregate after `decide`, stored. Raises Contended after TRIES lost races."""
    for _ in range(TRIES):
        aggregate = loaded(ledger, kind, stream)
        decide(aggregate)
        try:
            ledger.append(list(aggregate.collect_events()))
        except IntegrityError:
            continue
        return aggregate
    raise Contended(stream, TRIES)


def loaded(ledger: Ledger, kind: type[A], stream: str) -> A:
    """The aggregate of `stream` as it is stored now."""
    aggregate = kind(stream)
    for event in ledger.events.get(stream):
        assert isinstance(event, Event)
        aggregate.apply(event)
    return aggregate
