"""The payment_methods table: the cards customers keep."""

from __future__ import annotations

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.customers import PaymentMethod


def payment_methods(known: Known) -> Table:
    """One row for each card that was ever attached to a customer."""
    kept = (each for each in known.view.all(PaymentMethod) if each.customer)
    return keyed((_row(known, each) for each in kept), "payment_method_id")


def _row(known: Known, noun: PaymentMethod) -> Row:
    return {
        "payment_method_id": noun.id,
        "account": noun.account,
        "customer_id": known.owner(None, noun.customer),
        "provider_customer_id": noun.customer,
        "kind": "card",
        "last4": noun.last4,
        "attached_at": moment(noun.created),
        "detached_at": None,
    }
