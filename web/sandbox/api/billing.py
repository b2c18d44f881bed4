"""Everything about subscriptions and their bills, as routes."""

from __future__ import annotations

from web.sandbox.api import (
    accounts,
    clocks,
    invoice_payments,
    invoices,
    subscription_items,
    subscriptions,
    webhook_endpoints,
)
from web.sandbox.api.answers import Included
from web.sandbox.api.asked import Route

ROUTES: tuple[Route, ...] = (
    *subscriptions.ROUTES,
    *subscription_items.ROUTES,
    *invoices.ROUTES,
    *invoice_payments.ROUTES,
    *clocks.ROUTES,
    *accounts.ROUTES,
    *webhook_endpoints.ROUTES,
)

INCLUDED: dict[str, Included] = {
    "invoice.confirmation_secret": invoices.confirmation_secret,
    "invoice.payments": invoices.payments,
}
"""Fields that come only when they are asked for, by `kind of object.field`."""
