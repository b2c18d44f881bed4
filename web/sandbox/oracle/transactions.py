"""The balance_transactions table: what each movement of the balance came to."""

from __future__ import annotations

from collections.abc import Iterator

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.disputes import Dispute
from web.sandbox.truth.intents import Charge
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.transactions import BalanceTransaction
from web.sandbox.truth.world import Truth

Named = Iterator[tuple[str | None, str]]
"""The id of a movement, if it was told, and the payment it belongs to."""


def balance_transactions(truth: Truth, known: Known, fetched: bool) -> Table:
    """One row for each that disputes enclose; `fetched`: and for each that is only named."""
    told = [*enclosed(known), *(named(known) if fetched else ())]
    rows = (
        _row(truth.get(BalanceTransaction, key), purchase_id)
        for key, purchase_id in told
        if key is not None
    )
    return keyed(rows, "balance_transaction_id", "account")


def enclosed(known: Known) -> Named:
    """Those that events tell."""
    for each in known.view.all(Dispute):
        yield each.withdrawn, each.intent
        yield each.reinstated, each.intent


def named(known: Known) -> Named:
    """Those that have to be asked for; not of a refund that only its charge's sum has told."""
    for charge in known.view.all(Charge):
        yield charge.balance_transaction, charge.intent
    for refund in known.view.all(Refund):
        if refund.id in known.told.refunds:
            yield refund.balance_transaction, refund.intent
            yield refund.failure_balance_transaction, refund.intent


def _row(noun: BalanceTransaction, purchase_id: str) -> Row:
    return {
        "balance_transaction_id": noun.id,
        "account": noun.account,
        "type": noun.type,
        "reporting_category": noun.reporting_category,
        "source_id": noun.source,
        "purchase_id": purchase_id,
        "currency": noun.currency,
        "amount_minor": noun.amount,
        "fee_minor": noun.fee,
        "net_minor": noun.net,
        "provider_fee_minor": noun.fee,
        "application_fee_minor": 0,
        "tax_minor": 0,
        "available_on": moment(noun.available_on),
        "created_at": moment(noun.created),
        "ambiguous": False,
    }
