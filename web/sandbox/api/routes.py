"""Every call that is answered, and the fields that come only when they are asked for."""

from __future__ import annotations

from web.sandbox.api import billing, payments
from web.sandbox.api.answers import Included
from web.sandbox.api.asked import Route

ROUTES: tuple[Route, ...] = (*payments.ROUTES, *billing.ROUTES)

INCLUDED: dict[str, Included] = {**payments.INCLUDED, **billing.INCLUDED}
"""By `kind of object.field`."""
