"""Stripe's API as checkout asks it: one class, put together from a module for each noun."""

from __future__ import annotations

from ledger.providers.stripe.outbound.catalog import Catalog
from ledger.providers.stripe.outbound.changes import Changes
from ledger.providers.stripe.outbound.customers import Customers
from ledger.providers.stripe.outbound.payments import Payments
from ledger.providers.stripe.outbound.sessions import Sessions


class StripeOutbound(Customers, Payments, Catalog, Changes, Sessions):
    """Implements `ledger.providers.outbound.Outbound`, for one account and one key.

    Stripe remembers an idempotency key for a day at least: a write is asked again within that.
    """
