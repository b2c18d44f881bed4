"""Whose Stripe customer it is, by the best that anybody said."""

from __future__ import annotations

from collections.abc import Iterator

from web.sandbox.truth.customers import Customer
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.subscriptions import Subscription
from web.sandbox.truth.view import View

Said = tuple[int, str, str, str]
"""When (creation of the object), the object, the customer and the user it names."""


def find_owners(view: View) -> dict[str, str]:
    """User id by Stripe customer, for customers of whom one is known.

    The customer's own metadata has the last word; else the object that was created first.
    """
    owners: dict[str, str] = {}
    for _, _, customer, user in sorted(_all_said(view)):
        owners.setdefault(customer, user)
    own = {each.id: each.metadata["user_id"] for each in view.all(Customer) if _names(each)}
    return {**owners, **own}


def _names(customer: Customer) -> bool:
    return "user_id" in customer.metadata


def _all_said(view: View) -> Iterator[Said]:
    sayers: list[Intent | Session | Subscription] = [
        *view.all(Intent),
        *view.all(Session),
        *view.all(Subscription),
    ]
    for each in sayers:
        reference = each.client_reference_id if isinstance(each, Session) else None
        user = each.metadata.get("user_id") or reference
        if user and each.customer:
            yield each.created, each.id, each.customer, user
