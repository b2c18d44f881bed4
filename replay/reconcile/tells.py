"""What an object of Stripe's says of rows: each of these reads one observation of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from ledger.aggregates.mirrors import BalanceTransaction as Movement
from ledger.mirrors import BalanceTransaction
from ledger.observations import (
    CustomerObserved,
    DisputeObserved,
    InvoiceObserved,
    MirrorObserved,
    Observation,
    OfChargeObserved,
    PaymentObserved,
    RefundObserved,
    SubscriptionObserved,
)


class OneOf(NamedTuple):
    """Any of these words agrees with what Stripe says, the first of them best."""

    words: tuple[str | None, ...]


Value = str | int | datetime | OneOf | None
Facts = Mapping[str, Value]


class Told(NamedTuple):
    """The id of a row and what its columns should say; where not `needed`, only if it is there."""

    key: str
    facts: Facts
    needed: bool = True


def customer(seen: Observation) -> Told | None:
    if not isinstance(seen, CustomerObserved) or seen.snapshot is None:
        return None
    details = seen.snapshot.state
    return Told(seen.provider_customer_id, {"email": details.email, "name": details.name})


def subscription(seen: Observation) -> Told | None:
    if not isinstance(seen, SubscriptionObserved):
        return None
    plan = seen.snapshot.state
    facts: Facts = {
        "status": plan.status,
        "quantity": plan.quantity,
        "current_period_end": plan.period.end if plan.period else None,
        "cancel_at": plan.cancel_at,
    }
    return Told(seen.subscription_id, facts)


def invoice(seen: Observation) -> Told | None:
    """A draft may still change and is in no table."""
    if not isinstance(seen, InvoiceObserved) or seen.snapshot.state.status == "draft":
        return None
    bill = seen.snapshot.state
    facts: Facts = {
        "status": bill.status,
        "currency": bill.total.currency,
        "total_minor": bill.total.minor,
        "due_minor": bill.due_minor,
        "paid_minor": bill.paid.minor,
    }
    return Told(seen.invoice_id, facts)


def payment(seen: Observation) -> Told | None:
    """Money that came in must be known; a payment nobody made only has to stand the same."""
    if not isinstance(seen, PaymentObserved) or seen.received is not None:
        return received(seen)
    facts: Facts = {"paid_minor": 0, "standing": UNPAID[seen.outcome]}
    return Told(seen.payment_id, facts, needed=False)


def received(seen: Observation) -> Told | None:
    """Only money that came in."""
    if not isinstance(seen, PaymentObserved) or seen.received is None:
        return None
    money = seen.received
    return Told(seen.payment_id, {"paid_minor": money.minor, "currency": money.currency})


def session(seen: Observation) -> Told | None:
    """Only a sale without a payment intent, such as one for nothing: its row is the session's."""
    if not isinstance(seen, PaymentObserved) or not seen.payment_id.startswith("cs_"):
        return None
    return payment(seen)


def asked_payment(seen: Observation) -> Told | None:
    """How a payment of charges stands that was asked for."""
    if not isinstance(seen, PaymentObserved):
        return None
    return Told(seen.payment_id, {"status": ASKED[seen.outcome]}, needed=False)


def refund(seen: Observation) -> Told | None:
    told = seen.seen if isinstance(seen, OfChargeObserved) else seen
    if not isinstance(told, RefundObserved) or told.refund.status != "succeeded":
        return None
    return Told(told.payment_id, {"refunded_minor": told.refund.amount.minor})


def dispute(seen: Observation) -> Told | None:
    told = seen.seen if isinstance(seen, OfChargeObserved) else seen
    if not isinstance(told, DisputeObserved):
        return None
    state = told.snapshot.state
    if state.status not in ("open", "lost"):
        return None
    return Told(told.payment_id, {"disputed_minor": state.amount.minor})


def movement(seen: Observation) -> Told | None:
    if not isinstance(seen, MirrorObserved) or seen.noun != Movement.CATEGORY:
        return None
    assert seen.snapshot is not None
    state = seen.snapshot.state
    assert isinstance(state, BalanceTransaction)
    facts: Facts = {
        "currency": state.currency,
        "amount_minor": state.amount_minor,
        "fee_minor": state.fee_minor,
        "net_minor": state.net_minor,
    }
    return Told(seen.key, facts)


UNPAID: Mapping[str, OneOf] = {
    "pending": OneOf(("pending", "failed", "abandoned", None)),
    "failed": OneOf(("failed", "abandoned", None)),
    "abandoned": OneOf(("abandoned", "canceled", None)),
    "canceled": OneOf(("canceled", None)),
}
"""How an unpaid payment may stand: one that failed or was left before may be tried again.

None is one whose reports contradict each other, or another platform's.
"""

ASKED: Mapping[str, OneOf] = {
    "paid": OneOf(("paid", "mismatched", "refunded")),
    "pending": OneOf(("pending",)),
    "failed": OneOf(("pending",)),
    "canceled": OneOf(("canceled", "pending")),
}
"""One that Stripe canceled is given up here when it is asked for again."""
