"""The rows finance must see, worked out from the truth alone and never from what was rendered."""

from __future__ import annotations

from collections.abc import Iterable

from web.sandbox.lives.shop import PLATFORM
from web.sandbox.oracle.balances import balances
from web.sandbox.oracle.customers import customers
from web.sandbox.oracle.entitlements import entitlements
from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.invoices import invoices
from web.sandbox.oracle.methods import payment_methods
from web.sandbox.oracle.purchases import purchases
from web.sandbox.oracle.receipts import paid_invoices
from web.sandbox.oracle.rows import Tables
from web.sandbox.oracle.subscriptions import subscriptions
from web.sandbox.oracle.telling import Teller, Told
from web.sandbox.oracle.transactions import balance_transactions
from web.sandbox.truth.spends import Spend
from web.sandbox.truth.timeline import Timeline
from web.sandbox.truth.world import Truth

GRACE_DAYS = 7

__all__ = ["GRACE_DAYS", "Tables", "oracle"]


def oracle(  # noqa: PLR0913 - each one is a circumstance of its own, all but the first optional
    truth: Truth,
    at: int | None = None,
    *,
    platform: str | None = PLATFORM,
    grace_days: int = GRACE_DAYS,
    spends: Iterable[Spend] | None = None,
    tellers: Iterable[Teller] = (Timeline().of,),
    fees: bool = False,
) -> Tables:
    """Rows by table and key (a tuple of the key's columns), times as aware datetimes.

    `at` (Unix seconds) looks at what had happened by then; `spends` are the commands that were
    accepted, all of them unless told otherwise; `platform` and `grace_days` are the ledger's;
    `tellers` say by which API version each fact was told, one for each endpoint; `fees` says that
    Stripe was asked what payments cost.
    """
    view = truth.as_of(at)
    if spends is not None:
        view.spends = list(spends)
    facts = [fact for fact in truth.facts if at is None or fact.at <= at]
    known = Known(view, Told(facts, tellers), platform, grace_days)
    return {
        "customers": customers(known),
        "purchases": purchases(known),
        "subscriptions": subscriptions(known),
        "entitlements": entitlements(known),
        "paid_invoices": paid_invoices(known),
        "balances": balances(known),
        "invoices": invoices(known),
        "payment_methods": payment_methods(known),
        "balance_transactions": balance_transactions(truth, known, fees),
    }
