"""Disputes: the bank takes the money back, and we may argue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.transactions import DISPUTE, DISPUTE_REVERSAL, book
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth

FEE_MINOR = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Noun):
    """A disputed amount in minor units; `withdrawn` and `reinstated` name the money's moves."""

    amount: int
    currency: str
    charge: str
    intent: str
    status: str
    inquiry: bool = False
    reason: str = "product_not_received"
    withdrawn: str | None = None
    reinstated: str | None = None
    evidence: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    closed_at: int | None = None


def dispute(
    truth: Truth, intent: Intent, inquiry: bool = False, reason: str = "product_not_received"
) -> Dispute:
    """The bank asks (an inquiry) or takes the money at once (a dispute)."""
    charge = truth.get(Charge, truth.fresh(intent).latest_charge or "")
    opened = Dispute(
        id=truth.new_id("du_1"),
        account=charge.account,
        created=truth.now,
        amount=charge.amount - charge.amount_refunded,
        currency=charge.currency,
        charge=charge.id,
        intent=charge.intent,
        status="warning_needs_response" if inquiry else "needs_response",
        inquiry=inquiry,
        reason=reason,
    )
    truth.add(opened, "charge.dispute.created")
    if inquiry:
        return opened
    truth.change(charge, "charge.updated", disputed=True)
    key = truth.new_id("txn_1")
    withdrawn = book(truth, key, opened, DISPUTE, -opened.amount, FEE_MINOR)
    return truth.change(opened, "charge.dispute.funds_withdrawn", withdrawn=withdrawn)


def respond(truth: Truth, opened: Dispute) -> Dispute:
    """We send evidence: `charge.dispute.updated`."""
    status = "warning_under_review" if opened.inquiry else "under_review"
    return truth.change(opened, "charge.dispute.updated", status=status, evidence=True)


def close(truth: Truth, opened: Dispute, status: str) -> Dispute:
    """The end: 'won' (the money comes back), 'lost' or 'warning_closed'."""
    closed = truth.change(opened, "charge.dispute.closed", status=status, closed_at=truth.now)
    if status != "won":
        return closed
    reinstated = book(truth, truth.new_id("txn_1"), closed, DISPUTE_REVERSAL, closed.amount)
    return truth.change(closed, "charge.dispute.funds_reinstated", reinstated=reinstated)
