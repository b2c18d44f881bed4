"""What is compared of each kind of object: the rows, and what an object would make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from ledger.observations import (
    CustomerObserved,
    DisputeObserved,
    InvoiceObserved,
    Observation,
    OfChargeObserved,
    PaymentObserved,
    RefundObserved,
    SubscriptionObserved,
)

Value = str | int | datetime | None
Facts = Mapping[str, Value]
Told = tuple[str, Facts]
"""The id of a row, and what its columns should say."""


class Kind(NamedTuple):
    """`where` chooses the rows Stripe must list, `since` is the column that tells their age.

    With `adds_up`, several objects make one row, and their numbers are summed.
    """

    view: str
    key: str
    since: str
    columns: tuple[str, ...]
    where: str
    tell: Callable[[Observation], Told | None]
    adds_up: bool = False


def customer(seen: Observation) -> Told | None:
    if not isinstance(seen, CustomerObserved) or seen.snapshot is None:
        return None
    details = seen.snapshot.state
    return seen.provider_customer_id, {"email": details.email, "name": details.name}


def subscription(seen: Observation) -> Told | None:
    if not isinstance(seen, SubscriptionObserved):
        return None
    plan = seen.snapshot.state
    return seen.subscription_id, {
        "status": plan.status,
        "quantity": plan.quantity,
        "current_period_end": plan.period.end if plan.period else None,
        "cancel_at": plan.cancel_at,
    }


def invoice(seen: Observation) -> Told | None:
    """A draft may still change and is in no table."""
    if not isinstance(seen, InvoiceObserved) or seen.snapshot.state.status == "draft":
        return None
    bill = seen.snapshot.state
    return seen.invoice_id, {
        "status": bill.status,
        "currency": bill.total.currency,
        "total_minor": bill.total.minor,
        "due_minor": bill.due_minor,
        "paid_minor": bill.paid.minor,
    }


def payment(seen: Observation) -> Told | None:
    """Only money that came in: a payment nobody made need not be known."""
    if not isinstance(seen, PaymentObserved) or seen.received is None:
        return None
    return seen.payment_id, {
        "paid_minor": seen.received.minor,
        "currency": seen.received.currency,
    }


def refund(seen: Observation) -> Told | None:
    told = seen.seen if isinstance(seen, OfChargeObserved) else seen
    if not isinstance(told, RefundObserved) or told.refund.status != "succeeded":
        return None
    return told.payment_id, {"refunded_minor": told.refund.amount.minor}


def dispute(seen: Observation) -> Told | None:
    told = seen.seen if isinstance(seen, OfChargeObserved) else seen
    if not isinstance(told, DisputeObserved):
        return None
    state = told.snapshot.state
    if state.status not in ("open", "lost"):
        return None
    return told.payment_id, {"disputed_minor": state.amount.minor}


PAID = ("paid_minor", "currency")
KINDS: Mapping[str, Kind] = {
    "customers": Kind(
        "customers", "provider_customer_id", "created_at", ("email", "name"),
        "deleted_at IS NULL AND created_at IS NOT NULL", customer,
    ),
    "subscriptions": Kind(
        "subscriptions", "subscription_id", "started_at",
        ("status", "quantity", "current_period_end", "cancel_at"), "TRUE", subscription,
    ),
    "invoices": Kind(
        "invoices", "invoice_id", "finalized_at",
        ("status", "currency", "total_minor", "due_minor", "paid_minor"), "TRUE", invoice,
    ),
    "payments": Kind(
        "purchases", "purchase_id", "opened_at", PAID,
        "paid_minor > 0 AND starts_with(purchase_id, 'pi_')", payment,
    ),
    "charges": Kind(
        "purchases", "purchase_id", "opened_at", PAID,
        "paid_minor > 0 AND charge_id IS NOT NULL", payment,
    ),
    "refunds": Kind(
        "purchases", "purchase_id", "opened_at", ("refunded_minor",),
        "refunded_minor > 0", refund, adds_up=True,
    ),
    "disputes": Kind(
        "purchases", "purchase_id", "opened_at", ("disputed_minor",),
        "disputed_minor > 0", dispute, adds_up=True,
    ),
}  # fmt: skip
"""Kind -> what is compared, in the order a repair needs: payers before what they pay."""


def told(kind: Kind, said: Iterable[Observation]) -> Told | None:
    """What an object says of a row; None where it says nothing of any."""
    return next((found for each in said if (found := kind.tell(each))), None)
