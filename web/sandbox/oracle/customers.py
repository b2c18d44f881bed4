"""The customers table."""

from __future__ import annotations

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.customers import Customer


def customers(known: Known) -> Table:
    """One row for each Stripe customer, deleted ones too."""
    rows = (_row(known, each) for each in known.view.all(Customer))
    return keyed(rows, "provider_customer_id")


def _row(known: Known, noun: Customer) -> Row:
    return {
        "provider_customer_id": noun.id,
        "account": noun.account,
        "customer_id": known.owner(None, noun.id),
        "email": noun.email,
        "name": noun.name,
        "created_at": moment(noun.created),
        "deleted_at": moment(noun.deleted_at),
        "ambiguous": False,
    }
