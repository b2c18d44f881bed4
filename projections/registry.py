"""All projections: a new table is one file and one name in this list."""

from __future__ import annotations

from projections.balances import BALANCES
from projections.customers import CUSTOMERS
from projections.deliveries import DELIVERIES
from projections.entitlements import ENTITLEMENTS
from projections.paid_invoices import PAID_INVOICES
from projections.purchases import PURCHASES
from projections.subscriptions import SUBSCRIPTIONS

PROJECTIONS = (
    CUSTOMERS,
    PURCHASES,
    SUBSCRIPTIONS,
    ENTITLEMENTS,
    PAID_INVOICES,
    BALANCES,
    DELIVERIES,
)
