"""All endpoints, in the order in which the reference shows them."""

from __future__ import annotations

from web.api import (
    cards,
    catalog,
    charges,
    credits,
    customers,
    entitlements,
    memberships,
    purchases,
    subscriptions,
)
from web.api.endpoint import Endpoint

CHAPTERS: dict[str, tuple[Endpoint, ...]] = {
    "Customers": customers.ENDPOINTS,
    "Access": entitlements.ENDPOINTS,
    "Catalog": catalog.ENDPOINTS,
    "Purchases": purchases.ENDPOINTS,
    "Subscriptions": subscriptions.ENDPOINTS + memberships.ENDPOINTS,
    "Cards": cards.ENDPOINTS,
    "Account charges": charges.ENDPOINTS,
    "Credits": credits.ENDPOINTS,
}
"""Chapter -> endpoints. A new endpoint is one entry in its noun's table."""

ENDPOINTS = tuple(endpoint for chapter in CHAPTERS.values() for endpoint in chapter)
