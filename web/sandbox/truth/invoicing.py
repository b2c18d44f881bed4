"""Making invoices: from a draft that may change to a bill with a number and a payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from web.sandbox.truth import customers, payments
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.intents import Asked, Intent
from web.sandbox.truth.invoices import Invoice, InvoicePayment, Line
from web.sandbox.truth.subscriptions import Split, Subscription
from web.sandbox.truth.world import Truth

DUE_DAYS = 30
DESCRIPTIONS = {
    "subscription_create": "Subscription creation",
    "subscription_cycle": "Subscription update",
    "subscription_update": "Subscription update",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What an invoice is to say. `id` is given when a subscription had to name it first."""

    customer: str
    reason: str
    lines: tuple[Line, ...]
    id: str | None = None
    subscription: str | None = None
    subscription_metadata: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    collection: str = "charge_automatically"
    auto_advance: bool = True
    period: tuple[int, int] | None = None


def draft(truth: Truth, bill: Bill) -> Invoice:
    """A bill that may still change: `invoice.created`."""
    customers.bill_in(truth, bill.customer, bill.lines[0].currency)
    return truth.add(compose(truth, bill), "invoice.created")


def compose(truth: Truth, bill: Bill) -> Invoice:
    """The bill as it would be drafted now. What we owe the customer is set off."""
    customer = truth.get(Customer, bill.customer)
    total = sum(line.amount for line in bill.lines)
    start, end = bill.period or (truth.now, truth.now)
    return Invoice(
        id=bill.id or truth.new_id("in_1"),
        account=customer.account,
        created=truth.now,
        customer=customer.id,
        customer_email=customer.email,
        customer_name=customer.name,
        currency=bill.lines[0].currency,
        reason=bill.reason,
        lines=bill.lines,
        total=total,
        amount_due=max(0, total + customer.balance),
        starting_balance=customer.balance,
        period_start=start,
        period_end=end,
        subscription=bill.subscription,
        subscription_metadata=bill.subscription_metadata,
        metadata=bill.metadata,
        collection=bill.collection,
        auto_advance=bill.auto_advance,
        due_date=truth.now + DUE_DAYS * DAY if bill.collection == "send_invoice" else None,
    )


def finalize(truth: Truth, invoice: Invoice, paid_by: Intent | None = None) -> Invoice:
    """Fix the bill and say how it will be paid. `paid_by` is a payment that came before it."""
    invoice = truth.fresh(invoice)
    intent = paid_by or _intent_for(truth, invoice)
    ending = _settle_balance(truth, invoice)
    invoice = truth.change(
        invoice,
        "invoice.updated",
        "invoice.finalized",
        status="open",
        number=customers.take_invoice_number(truth, invoice.customer),
        finalized_at=truth.now,
        ending_balance=ending,
        intent=intent.id if intent else None,
    )
    return _expect(truth, invoice, intent) if intent else invoice


def _intent_for(truth: Truth, invoice: Invoice) -> Intent | None:
    """The intent is made first and told afterwards which invoice it pays, as Stripe does."""
    if invoice.amount_due == 0:
        return None
    begins = invoice.reason in {"subscription_create", "subscription_update"}
    asked = Asked(
        account=invoice.account,
        amount=invoice.amount_due,
        currency=invoice.currency,
        customer=invoice.customer,
        description=DESCRIPTIONS.get(invoice.reason, "Payment for Invoice"),
        email=invoice.customer_email,
        invoice=invoice.id,
        setup_future_usage="off_session" if begins else None,
    )
    asked = _shared(truth, invoice, asked)
    return truth.change(payments.open_intent(truth, asked), order_reference=invoice.id)


def _shared(truth: Truth, invoice: Invoice, asked: Asked) -> Asked:
    """The payment, with what of it goes to a connected account and what the platform keeps."""
    subscription = truth.find(Subscription, invoice.subscription)
    split = subscription.split if subscription else Split()
    return replace(
        asked,
        destination=split.destination,
        transfer_minor=percentage(asked.amount, split.destination_percent),
        fee_minor=percentage(asked.amount, split.fee_percent),
    )


def percentage(amount: int, percent: float | None) -> int | None:
    """So many hundredths of an amount in minor units, rounded; None of None."""
    return None if percent is None else round(Decimal(str(percent)) * amount / 100)


def _settle_balance(truth: Truth, invoice: Invoice) -> int:
    """What we still owe the customer after this bill (minor units, never positive)."""
    ending = min(0, invoice.total + invoice.starting_balance)
    customer = truth.get(Customer, invoice.customer)
    if customer.balance != ending:
        truth.change(customer, "customer.updated", balance=ending)
    return ending


def _expect(truth: Truth, invoice: Invoice, intent: Intent) -> Invoice:
    truth.change(intent, invoice=invoice.id)
    part = InvoicePayment(
        id=truth.new_id("inpay_1"),
        account=invoice.account,
        created=truth.now,
        invoice=invoice.id,
        intent=intent.id,
        amount=invoice.amount_due,
        currency=invoice.currency,
    )
    return truth.change(invoice, payment=truth.add(part).id)
