"""Changing a subscription: its plan, its card, its end, its metadata, all in one step."""

from __future__ import annotations

from dataclasses import replace

from web.sandbox.api import terms
from web.sandbox.api.asked import Asked
from web.sandbox.api.params import Params
from web.sandbox.api.problems import missing, unexpected, wrong
from web.sandbox.truth import changing, subscriptions
from web.sandbox.truth.changing import Change
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.subscriptions import STAYING, Item, Subscription

PRORATIONS = ("create_prorations", "always_invoice", "none")
CANNOT_WAIT = {"cancel_at_period_end", "default_payment_method", "metadata", "payment_settings"}
OVER = {"canceled", "incomplete_expired"}


def update(asked: Asked) -> Subscription:
    """Changes what is named and nothing else. Raises Problem for what Stripe would refuse."""
    subscription = asked.named(Subscription, "subscription")
    _refuse_ended(asked, subscription)
    after = replace(subscription, **plain_changes(asked, subscription))  # type: ignore[arg-type]  # by name
    return apply(asked, after, change(asked, asked.params, after.item))


def apply(asked: Asked, after: Subscription, wanted: Change) -> Subscription:
    """Makes a change, if it can be paid for."""
    effect = changing.effect_of(asked.truth, after, wanted)
    if effect.bills and after.status == "incomplete":
        message = "An incomplete subscription cannot be changed so that it needs another invoice."
        raise unexpected("resource_invalid_state", message)
    if wanted.waits and asked.params.tree.keys() & CANNOT_WAIT:
        message = "A change that may be pending cannot come with changes of anything else."
        raise wrong("payment_behavior", message)
    if changing.due_minor(asked.truth, effect) and not wanted.left_open:
        customer = asked.truth.get(Customer, after.customer)
        certain = terms.payment_behavior(asked.params) == "error_if_incomplete"
        terms.afford(asked, customer, after.card, certain)
    return changing.apply(asked.truth, after, wanted)


def change(asked: Asked, params: Params, item: Item) -> Change:
    """The item as it is to be, and how that is prorated and paid."""
    return change_to(params, changed_item(asked, params, item))


def change_to(params: Params, item: Item) -> Change:
    """How a change to `item` is prorated and paid."""
    behavior, since = terms.payment_behavior(params), params.number("proration_date")
    if since is not None and not item.period_start <= since <= item.period_end:
        message = "The proration_date must be within the current billing period."
        raise wrong(params.named("proration_date"), message)
    return Change(
        item=item,
        prorate=params.choice("proration_behavior", PRORATIONS, "create_prorations"),
        since=since,
        left_open=behavior == "default_incomplete",
        waits=behavior == "pending_if_incomplete",
    )


def changed_item(asked: Asked, params: Params, item: Item) -> Item:
    """The item with the price and quantity given; a price without its item's id would add one."""
    if not params.parts("items"):
        return item
    given = terms.only_item(params)
    if given.text("id") is None:
        message = "The sandbox knows subscriptions of exactly one item: name it by its id."
        raise wrong(given.named("id"), message)
    if given.text("id") != item.id:
        raise missing("subscription_item", given.need("id"), given.named("id"))
    return with_terms(asked, given, item)


def with_terms(asked: Asked, given: Params, item: Item) -> Item:
    """The item with another price or quantity, where they are given."""
    if "price" in given:
        wanted = terms.price(asked, given)
        if wanted.currency != item.price.currency:
            message = (
                f"The price specified only supports `{wanted.currency}`. "
                f"This doesn't match the expected currency: `{item.price.currency}`."
            )
            raise wrong(given.named("price"), message)
        item = subscriptions.with_price(item, wanted)
    return subscriptions.with_quantity(item, terms.quantity(given, item.quantity))


def plain_changes(asked: Asked, old: Subscription) -> dict[str, object]:
    """What changes without a bill."""
    params = asked.params
    changes: dict[str, object] = {
        "keeps_card": terms.keeps_card(params, old.keeps_card),
        "missing_card": terms.missing_card(params, old.missing_card),
        "split": terms.split(params, old.split),
    }
    if "metadata" in params:
        changes["metadata"] = params.metadata(old.metadata)
    if "default_payment_method" in params:
        changes["card"] = terms.card(asked, asked.truth.get(Customer, old.customer))
    free_until = params.positive("trial_end")
    if free_until is not None:
        if free_until <= asked.truth.now:
            raise wrong("trial_end", "The trial_end must be in the future.")
        changes |= subscriptions.free_until(old, asked.truth.now, free_until)
    leaves = params.flag("cancel_at_period_end")
    if leaves is not None and leaves != old.cancel_at_period_end:
        changes |= subscriptions.leaving(old, asked.truth.now) if leaves else STAYING
    return changes


def _refuse_ended(asked: Asked, subscription: Subscription) -> None:
    if subscription.status in OVER and asked.params.tree.keys() - {"metadata", "expand"}:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise unexpected("resource_invalid_state", message)
