"""What follows from the facts of a purchase, an invoice or a subscription, resolved and complete.

Aggregates derive these from what they know and record an event when one differs from before; so
each table is a plain fold, and whoever reacts to a change needs no second look-up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ledger.money import Money
from ledger.observations import Bill, Period

EndReason = Literal[
    "refunded", "dispute_lost", "canceled", "unpaid", "paused", "incomplete_expired", "withdrawn"
]  # fmt: skip


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money that was paid for an invoice or a one-off purchase, and how much of it went back."""

    customer_id: str | None
    paid: Money
    paid_at: datetime
    refunded_minor: int = 0
    subscription_id: str | None = None
    number: str | None = None
    period: Period | None = None


class Receivable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A final invoice, and what is left to pay of it, `ambiguous` where reports of it differ."""

    customer_id: str | None
    bill: Bill
    remaining_minor: int = 0
    ambiguous: bool = False


class Access(msgspec.Struct, frozen=True, omit_defaults=True):
    """The features one source gives one customer, since when and until when.

    `ends_at` None means no end is known. `ended_because` names the fact that set the end;
    without it the end is where the paid time (`paid_until`) and the grace run out.
    """

    customer_id: str
    features: tuple[str, ...]
    granted_at: datetime
    paid_until: datetime | None = None
    ends_at: datetime | None = None
    ended_because: EndReason | None = None
    trial: bool = False

    def ended(self, at: datetime, because: EndReason) -> Access:
        """This access with the end a fact has set."""
        return msgspec.structs.replace(self, ends_at=at, ended_because=because)


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """Credits one purchase gives one wallet, and how many of them are taken back in all."""

    customer_id: str
    credits: int
    revoked: int = 0


class AccountCredit(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money one purchase brings to the account of a customer who owes charges.

    `request_id` names the payment that was asked for; without it the money came from outside, and
    is for no charge in particular. What was wholly taken back since `taken_back_at` pays nothing.
    """

    customer_id: str
    received: Money
    paid_at: datetime
    request_id: str | None = None
    refunded_minor: int = 0
    taken_back_at: datetime | None = None
    provider_customer_id: str | None = None


def features_dropped(before: Access | None, after: Access | None) -> tuple[str, ...]:
    """The features a source gave before and gives no longer."""
    kept = after.features if after else ()
    return tuple(each for each in (before.features if before else ()) if each not in kept)
