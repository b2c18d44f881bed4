"""Refunds: money on its way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.transactions import PAYMENT_REFUND, REFUND, REFUND_FAILURE, book
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth

BOTH = ("refund.updated", "charge.refund.updated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Noun):
    """Minor units going back for a charge: pending, succeeded or failed."""

    amount: int
    currency: str
    charge: str
    intent: str
    customer: str | None
    payment_method: str
    status: str
    reason: str | None = "requested_by_customer"
    metadata: Mapping[str, str] = field(default_factory=dict)
    failure_reason: str | None = None
    balance_transaction: str | None = None
    failure_balance_transaction: str | None = None
    succeeded_at: int | None = None


def refund(
    truth: Truth, intent: Intent, amount: int, status: str = "succeeded", **more: object
) -> Refund:
    """Give `amount` back; Stripe's total on the charge grows at once, even while pending.

    `more` are fields of the refund to be other than usual.
    """
    charge = truth.get(Charge, truth.fresh(intent).latest_charge or "")
    total = charge.amount_refunded + amount
    charge = truth.change(charge, "charge.refunded", amount_refunded=total)
    made = Refund(
        id=truth.new_id("re_3"),
        account=charge.account,
        created=truth.now,
        amount=amount,
        currency=charge.currency,
        charge=charge.id,
        intent=charge.intent,
        customer=charge.customer,
        payment_method=charge.payment_method,
        status=status,
        balance_transaction=truth.new_id("txn_3"),
        succeeded_at=truth.now if status == "succeeded" else None,
    )
    kind = REFUND if charge.method == "card" else PAYMENT_REFUND
    book(truth, made.balance_transaction or "", made, kind, -amount)
    return truth.add(replace(made, **more), "refund.created")  # type: ignore[arg-type]  # fields of it


def succeed(truth: Truth, made: Refund) -> Refund:
    """A pending refund reached the customer."""
    return truth.change(made, *BOTH, status="succeeded", succeeded_at=truth.now)


def fail(truth: Truth, made: Refund, reason: str) -> Refund:
    """A refund came back to us, perhaps after it had succeeded: it counts no more.

    Stripe lowers the charge's total again without an event of the charge.
    """
    charge = truth.get(Charge, made.charge)
    truth.change(charge, amount_refunded=charge.amount_refunded - made.amount)
    returned = book(truth, truth.new_id("txn_3"), made, REFUND_FAILURE, made.amount)
    changes = {
        "status": "failed",
        "failure_reason": reason,
        "failure_balance_transaction": returned,
    }
    return truth.change(made, "refund.failed", *BOTH, **changes)
