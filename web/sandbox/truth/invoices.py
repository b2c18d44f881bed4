"""Invoices: what is owed, line by line, and how it was settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth.catalog import Price
from web.sandbox.truth.view import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, in minor units, for a period in Unix seconds. `invoice_item` is set when the line
    came from an invoice item (a proration, or something billed by hand)."""

    id: str
    amount: int
    currency: str
    description: str
    quantity: int
    price: Price
    period_start: int
    period_end: int
    subscription: str | None = None
    item: str | None = None
    invoice_item: str | None = None
    proration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceItem(Noun):
    """Something to be billed that is not a plan's own price."""

    customer: str
    line: Line
    invoice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Noun):
    """A bill: draft, open, paid, void or uncollectible. Minor units, Unix seconds."""

    customer: str
    customer_email: str | None
    customer_name: str | None
    currency: str
    reason: str
    lines: tuple[Line, ...]
    total: int
    amount_due: int
    starting_balance: int
    period_start: int
    period_end: int
    subscription: str | None = None
    subscription_metadata: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    collection: str = "charge_automatically"
    auto_advance: bool = True
    status: str = "draft"
    amount_paid: int = 0
    attempts: int = 0
    next_attempt: int | None = None
    number: str | None = None
    due_date: int | None = None
    ending_balance: int | None = None
    intent: str | None = None
    payment: str | None = None
    out_of_band: bool = False
    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None
    uncollectible_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePayment(Noun):
    """Which payment intent is meant to pay which invoice."""

    invoice: str
    intent: str
    amount: int
    currency: str
    status: str = "open"
    paid_at: int | None = None
    canceled_at: int | None = None
