"""/v1/subscriptions."""

from __future__ import annotations

from collections.abc import Callable

from web.sandbox.api import subscription_changes, terms
from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.problems import missing, needed, unexpected, wrong
from web.sandbox.truth import billing, dunning, subscriptions
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.subscriptions import Subscription

KNOWN = (
    "items.#.price items.#.quantity default_payment_method payment_behavior "
    "proration_behavior off_session cancel_at_period_end metadata.* "
    f"{terms.KEEPS} {terms.TRIAL_END} {terms.SPLITS}"
)
NEW = "customer trial_period_days collection_method"
OVER = {"canceled", "incomplete_expired"}


def create(asked: Asked) -> Subscription:
    """A new subscription: paid at once, or left open for the page, or on trial."""
    customer = asked.given(Customer, "customer", "customer")
    if customer is None:
        raise needed("customer")
    if customer.deleted_at is not None:
        raise missing("customer", customer.id, "customer")
    wanted = terms.terms(asked, customer)
    costs = billing.first_status(wanted, None, customer.balance) == "incomplete"
    if terms.payment_behavior(asked.params) == "pending_if_incomplete":
        raise wrong("payment_behavior", "A new subscription cannot be pending.")
    if costs and not wanted.left_open:
        certain = terms.payment_behavior(asked.params) == "error_if_incomplete"
        terms.afford(asked, customer, wanted.card, certain)
    subscription = billing.subscribe(asked.truth, customer, wanted)
    if asked.params.flag("cancel_at_period_end"):
        subscription = subscriptions.cancel_at_period_end(asked.truth, subscription)
    return subscription


def retrieve(asked: Asked) -> Subscription:
    """One subscription, ended ones included."""
    return asked.named(Subscription, "subscription")


def listing(asked: Asked) -> Listing:
    """The subscriptions, those that ended only if they are asked for."""
    customer, price = asked.params.text("customer"), asked.params.text("price")
    status = asked.params.text("status") or ""
    fits = STATUSES.get(status, status.__eq__)
    return Listing(
        [
            each
            for each in asked.all(Subscription)
            if customer in (None, each.customer)
            and price in (None, each.item.price.id)
            and fits(each.status)
        ]
    )


STATUSES: dict[str, Callable[[str], bool]] = {
    "": lambda status: status != "canceled",
    "all": lambda status: True,
    "ended": OVER.__contains__,
}
"""Which statuses a word asks for; every other word is a status itself."""


def cancel(asked: Asked) -> Subscription:
    """Ends a subscription now. Raises Problem for one that has ended."""
    subscription = asked.named(Subscription, "subscription")
    if subscription.status in OVER:
        raise missing("subscription", subscription.id)
    if subscription.status == "incomplete":
        return billing.expire(asked.truth, subscription)
    return subscriptions.end(asked.truth, subscription, "cancellation_requested")


def resume(asked: Asked) -> Subscription:
    """Lets a paused subscription go on. Raises Problem for any other."""
    subscription = asked.named(Subscription, "subscription")
    if subscription.status != "paused":
        message = (
            "You can only resume subscriptions that are paused; "
            f"{subscription.id} has status {subscription.status}."
        )
        raise unexpected("resource_invalid_state", message)
    customer = asked.truth.get(Customer, subscription.customer)
    if subscription.item.amount:
        terms.afford(asked, customer, dunning.card_of(asked.truth, subscription), certain=False)
    return billing.end_pause(asked.truth, subscription)


ROUTES = (
    Route("POST", "/v1/subscriptions", create, f"{NEW} {KNOWN}"),
    Route("GET", "/v1/subscriptions", listing, "customer price status", lists=True),
    Route("GET", "/v1/subscriptions/<id_>", retrieve),
    Route(
        "POST",
        "/v1/subscriptions/<id_>",
        subscription_changes.update,
        f"items.#.id proration_date trial_end {KNOWN}",
    ),
    Route("DELETE", "/v1/subscriptions/<id_>", cancel),
    Route("POST", "/v1/subscriptions/<id_>/resume", resume, "billing_cycle_anchor"),
)
