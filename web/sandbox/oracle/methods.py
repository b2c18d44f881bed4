"""The payment_methods table: the cards customers keep."""

from __future__ import annotations

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.customers import PaymentMethod


def payment_methods(known: Known) -> Table:
    """One row for each card that was ever attached to a customer."""
    kept = (each for each in known.view.all(PaymentMethod) if each.customer or each.former)
    return keyed((_row(known, each) for each in kept), "payment_method_id")


def _row(known: Known, noun: PaymentMethod) -> Row:
    customer = noun.customer or noun.former
    return {
        "payment_method_id": noun.id,
        "account": noun.account,
        "customer_id": known.owner(None, customer),
        "provider_customer_id": customer,
        "kind": "card",
        "last4": noun.last4,
        "attached_at": moment(noun.attached_at or noun.created),
        "detached_at": moment(noun.detached_at),
    }
