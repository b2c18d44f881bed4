"""Movements of the balance: what each charge, refund and dispute did to it, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth

FEE_PER_MILLE, FIXED_FEE_MINOR = 29, 30
AVAILABLE_AFTER_DAYS = 2


class Kind(NamedTuple):
    """What Stripe calls a movement."""

    type: str
    reporting_category: str


CHARGE, PAYMENT = Kind("charge", "charge"), Kind("payment", "charge")
REFUND, PAYMENT_REFUND = Kind("refund", "refund"), Kind("payment_refund", "refund")
REFUND_FAILURE = Kind("refund_failure", "refund_failure")
DISPUTE = Kind("adjustment", "dispute")
DISPUTE_REVERSAL = Kind("adjustment", "dispute_reversal")


class Moving(Protocol):
    """An object that moves money."""

    @property
    def id(self) -> str:
        """Of the object."""

    @property
    def account(self) -> str:
        """Whose balance it moves."""

    @property
    def currency(self) -> str:
        """Of its amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction(Noun):
    """One movement in minor units, negative where money left; `source` is what moved it.

    No event tells of it: a charge or refund has only its id, and a dispute encloses it.
    """

    type: str
    reporting_category: str
    source: str
    amount: int
    currency: str
    fee: int = 0
    available_on: int

    @property
    def net(self) -> int:
        """What the balance gained by it."""
        return self.amount - self.fee


def fee_minor(amount: int) -> int:
    """What Stripe keeps of a payment: 2.9 % and 30, rounded half up."""
    return (amount * FEE_PER_MILLE + 500) // 1000 + FIXED_FEE_MINOR


def book(truth: Truth, key: str, source: Moving, kind: Kind, amount: int, fee: int = 0) -> str:
    """Adds what `source` moved as a movement of the id `key`, without an event; gives the id."""
    moved = BalanceTransaction(
        id=key,
        account=source.account,
        created=truth.now,
        type=kind.type,
        reporting_category=kind.reporting_category,
        source=source.id,
        amount=amount,
        currency=source.currency,
        fee=fee,
        available_on=truth.now + AVAILABLE_AFTER_DAYS * DAY,
    )
    return truth.add(moved).id
