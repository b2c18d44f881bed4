"""The same facts told again: under other ids, or only as far as every API version tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tests.simulation.in_memory import Rows
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.view import View


def under_other_ids(events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The bodies of events of which each has another id."""
    return (msgspec.json.encode({**event, "id": f"{event['id']}B"}) for event in events)


def by_charge(events: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The bodies of events as of 2019: refunds and disputes name their charge alone."""
    for event in events:
        told = event["data"]["object"]
        named = told["object"] in ("refund", "dispute")
        data = {**event["data"], "object": {**told, "payment_intent": None}} if named else None
        yield msgspec.json.encode(
            {**event, "api_version": "2019-12-03", "data": data or event["data"]}
        )


def unpaid_for(rows: Rows) -> Rows:
    """The rows without the payments of movements, since a dispute names its charge alone."""
    moved = rows["balance_transactions"]
    bare = {key: msgspec.structs.replace(row, purchase_id=None) for key, row in moved.items()}
    return {**rows, "balance_transactions": bare}


def shared(rows: Rows, truth: View) -> Rows:
    """The rows without what depends on the version that tells of it.

    That is, of all rows and columns: the invoice of a payment that is not paid; the receipt of a
    payment of which nothing says whether it is a sale; and what a session that nobody paid is
    called, since before 2022-08-01 it had a payment all the same.
    """
    unpaid = {key: row for key, row in rows["purchases"].items() if row.paid_at is None}
    unlinked = {key: msgspec.structs.replace(row, invoice_id=None) for key, row in unpaid.items()}
    purchases = {**rows["purchases"], **unlinked}
    left, by_hand = _left(truth), _by_hand(truth)
    return {
        **rows,
        "purchases": {k: row for k, row in purchases.items() if row.purchase_id not in left},
        "paid_invoices": {
            key: row for key, row in rows["paid_invoices"].items() if row.invoice_id not in by_hand
        },
    }


def _left(truth: View) -> set[str | None]:
    expired = [each for each in truth.all(Session) if each.status == "expired"]
    return {key for each in expired for key in (each.id, each.intent, f"pi_3{each.id[-24:]}")}


def _by_hand(truth: View) -> set[str]:
    at_checkout = {each.intent for each in truth.all(Session)}
    bare = (each for each in truth.all(Intent) if not each.metadata and each.invoice is None)
    return {each.id for each in bare if each.id not in at_checkout}
