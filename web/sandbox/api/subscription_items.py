"""/v1/subscription_items: the one item of each subscription, by its own id."""

from __future__ import annotations

from web.sandbox.api.answers import listed, shown
from web.sandbox.api.asked import Asked, Json, Route
from web.sandbox.api.problems import missing, needed
from web.sandbox.api.subscription_changes import apply, change_to, with_terms
from web.sandbox.truth.subscriptions import Subscription


def retrieve(asked: Asked) -> Json:
    """One item."""
    return _item(asked, _subscription(asked))


def listing(asked: Asked) -> Json:
    """The items of a subscription."""
    subscription = asked.given(Subscription, "subscription", "subscription")
    if subscription is None:
        raise needed("subscription")
    return listed([_item(asked, subscription)], "/v1/subscription_items")


def update(asked: Asked) -> Json:
    """Another price or quantity, as with an update of the subscription."""
    subscription, params = _subscription(asked), asked.params
    wanted = change_to(params, with_terms(asked, params, subscription.item))
    return _item(asked, apply(asked, subscription, wanted))


def _subscription(asked: Asked) -> Subscription:
    """The subscription whose item the address names."""
    key = asked.ids["id_"]
    for subscription in asked.all(Subscription):
        if subscription.item.id == key:
            return subscription
    raise missing("subscription_item", key)


def _item(asked: Asked, subscription: Subscription) -> Json:
    [item] = shown(asked, subscription)["items"]["data"]
    found: Json = item
    return found


ROUTES = (
    Route("GET", "/v1/subscription_items", listing, "subscription", lists=True),
    Route("GET", "/v1/subscription_items/<id_>", retrieve),
    Route(
        "POST",
        "/v1/subscription_items/<id_>",
        update,
        "price quantity proration_behavior proration_date payment_behavior off_session",
    ),
)
