"""/v1/invoices/create_preview: the bill to come, of a subscription as it is or as it would be."""

from __future__ import annotations

from dataclasses import replace

from web.sandbox.api.asked import Asked, Json
from web.sandbox.api.params import Params
from web.sandbox.api.problems import Problem, needed
from web.sandbox.api.subscription_changes import change
from web.sandbox.api.terms import only_item, price, quantity
from web.sandbox.render.objects import render
from web.sandbox.truth import billing, changing, invoicing, subscriptions
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.subscriptions import Subscription, Terms

DETAILS = (
    "items.#.id items.#.price items.#.quantity proration_behavior proration_date "
    "cancel_at_period_end"
)
KNOWN = "customer subscription preview_mode " + " ".join(
    f"subscription_details.{each}" for each in DETAILS.split()
)


def preview(asked: Asked) -> Json:
    """The bill, which nobody gets. Raises Problem when none would come."""
    details = asked.params.part("subscription_details")
    subscription = asked.given(Subscription, "subscription", "subscription")
    invoice = (
        _first(asked, details) if subscription is None else _next(asked, details, subscription)
    )
    context = asked.world.context
    told: Json = render(invoice, asked.version, context, asked.truth.now)
    return told


def _next(asked: Asked, details: Params, subscription: Subscription) -> Invoice:
    leaves = details.flag("cancel_at_period_end")
    if leaves:
        changes = subscriptions.leaving(subscription, asked.truth.now)
        subscription = replace(subscription, **changes)  # type: ignore[arg-type]  # by name
    wanted = change(asked, details, subscription.item)
    invoice = changing.preview(asked.truth, subscription, wanted)
    if invoice is None or subscription.ended_at is not None:
        message = f"No upcoming invoices for customer: {subscription.customer}"
        code = "invoice_upcoming_none"
        raise Problem(404, "invalid_request_error", message, code=code)
    return invoice


def _first(asked: Asked, details: Params) -> Invoice:
    """The first bill of a subscription that nobody has."""
    customer = asked.given(Customer, "customer", "customer")
    if customer is None:
        raise needed("customer")
    item = only_item(details)
    terms = Terms(price=price(asked, item), quantity=quantity(item, 1))
    key = asked.truth.new_id("upcoming_in_1")
    proposed = subscriptions.propose(asked.truth, customer, terms, "active", key)
    bill = billing.period_bill(asked.truth, proposed, "subscription_create", key)
    return invoicing.compose(asked.truth, bill)
