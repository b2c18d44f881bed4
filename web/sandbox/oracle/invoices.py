"""The invoices table: every final invoice, and what is left to pay of it."""

from __future__ import annotations

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.invoices import Invoice

NOTHING_LEFT = ("paid", "void")


def invoices(known: Known) -> Table:
    """One row for each invoice that is no draft any more."""
    final = (each for each in known.view.all(Invoice) if each.status != "draft")
    return keyed((_row(known, each) for each in final), "invoice_id")


def _row(known: Known, noun: Invoice) -> Row:
    own = noun.subscription_metadata.get("user_id") or noun.metadata.get("user_id")
    left = 0 if noun.status in NOTHING_LEFT else noun.amount_due - noun.amount_paid
    return {
        "invoice_id": noun.id,
        "account": noun.account,
        "customer_id": known.owner(own, noun.customer),
        "provider_customer_id": noun.customer,
        "subscription_id": noun.subscription,
        "number": noun.number,
        "status": noun.status,
        "currency": noun.currency,
        "total_minor": max(0, noun.total),
        "due_minor": noun.amount_due,
        "paid_minor": noun.amount_paid,
        "remaining_minor": left,
        "attempt_count": noun.attempts,
        "next_attempt_at": moment(noun.next_attempt),
        "finalized_at": moment(noun.finalized_at),
        "due_at": moment(noun.due_date),
        "paid_at": moment(noun.paid_at),
        "voided_at": moment(noun.voided_at),
        "uncollectible_at": moment(noun.uncollectible_at),
    }
