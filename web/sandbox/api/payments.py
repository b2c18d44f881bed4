"""Everything about customers and their payments, as routes."""

from __future__ import annotations

from web.sandbox.api import (
    charges,
    coupons,
    customers,
    disputes,
    methods,
    payment_intents,
    products,
    refunds,
    sessions,
    setup_intents,
)
from web.sandbox.api.answers import Included
from web.sandbox.api.asked import Route

ROUTES: tuple[Route, ...] = (
    *customers.ROUTES,
    *methods.ROUTES,
    *payment_intents.ROUTES,
    *setup_intents.ROUTES,
    *sessions.ROUTES,
    *products.ROUTES,
    *coupons.ROUTES,
    *charges.ROUTES,
    *refunds.ROUTES,
    *disputes.ROUTES,
)

INCLUDED: dict[str, Included] = {"checkout.session.line_items": sessions.included_items}
"""Fields that come only when they are asked for, by `kind of object.field`."""
