"""Stories of subscriptions that go well, or end as they should."""

from __future__ import annotations

from web.sandbox.lives.person import Person, Script
from web.sandbox.truth import changing, checkout, subscriptions
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.subscriptions import Subscription, Terms


def starts(me: Person, price: Price, **more: object) -> Subscription:
    """A subscription through the application's own form, with a card of its own."""
    return me.subscribes(price, card=me.card().id, **more)


def monthly(me: Person) -> Script:
    """Subscribes to a monthly plan and stays."""
    yield me.days(1, 60)
    starts(me, me.shop.plan(me.random.choice(("basic", "premium"))))


def yearly(me: Person) -> Script:
    """Subscribes to a yearly plan and stays."""
    yield me.days(1, 60)
    starts(me, me.shop.plan("premium", "year"))


def by_checkout(me: Person) -> Script:
    """Subscribes at Checkout: the money comes before the subscription."""
    yield me.days(1, 60)
    price = me.shop.plan("premium")
    metadata = me.mark({})
    named = {"mode": "subscription", "metadata": metadata, "client_reference_id": me.user_id}
    session = me.opens_checkout(price, 1, **named)
    yield me.minutes()
    terms = Terms(price=price, metadata=metadata if me.named == "objects" else {})
    subscription = checkout.complete_subscription(me.truth, session, me.customer, terms)
    me.subscriptions.append(subscription)


def group_membership(me: Person) -> Script:
    """Pays a recurring group membership for the registration in a cart."""
    yield me.days(1, 60)
    group = me.random.choice(list(me.shop.memberships))
    cart = {"cart_id": f"cart-{me.user_id}-{group}", "group_id": group}
    starts(me, me.shop.memberships[group], metadata=me.mark(cart))


def other_features(me: Person) -> Script:
    """Subscribes to prices that name a feature, a learning path or nothing at all."""
    yield me.days(1, 60)
    starts(me, me.random.choice((me.shop.feature, me.shop.path_plan, me.shop.plain)))


def trial_then_paid(me: Person) -> Script:
    """Tries for two weeks, with a card, and stays."""
    yield me.days(1, 60)
    starts(me, me.shop.plan("basic"), trial_days=14)


def trial_then_paused(me: Person) -> Script:
    """Tries without a card; the subscription pauses."""
    yield me.days(1, 60)
    me.subscribes(me.shop.plan("basic"), trial_days=14, missing_card="pause")


def trial_then_canceled(me: Person) -> Script:
    """Tries and leaves before the trial is over."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("premium"), trial_days=14)
    yield me.days(2, 12)
    subscriptions.cancel_at_period_end(me.truth, subscription)


def upgrade(me: Person) -> Script:
    """Takes a larger plan within the month and pays the difference at once."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("basic"))
    yield me.days(10, 80)
    _switches(me, subscription, me.shop.plan("premium"), at_once=True)


def downgrade(me: Person) -> Script:
    """Takes a smaller plan, or the free one; what is unused is set off later."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("premium"))
    yield me.days(10, 80)
    smaller = me.shop.plan(me.random.choice(("basic", "starter")))
    _switches(me, subscription, smaller, at_once=False)


def more_seats(me: Person) -> Script:
    """Buys more seats of the same plan."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("team"), quantity=2)
    yield me.days(10, 80)
    item = subscriptions.with_quantity(me.truth.fresh(subscription).item, 5)
    changing.switch(me.truth, subscription, item, at_once=True)


def leaves_at_period_end(me: Person) -> Script:
    """Cancels; the access lasts until what was paid for is over."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("premium"))
    yield me.days(10, 100)
    subscriptions.cancel_at_period_end(me.truth, subscription)


def leaves_and_stays(me: Person) -> Script:
    """Cancels and thinks better of it."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("basic"))
    yield me.days(10, 100)
    subscriptions.cancel_at_period_end(me.truth, subscription)
    yield me.minutes(1, 200)
    subscriptions.resume(me.truth, subscription)


def leaves_now(me: Person) -> Script:
    """Cancels with immediate effect."""
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("basic"))
    yield me.days(10, 100)
    subscriptions.end(me.truth, subscription, "cancellation_requested")


def _switches(me: Person, subscription: Subscription, price: Price, at_once: bool) -> None:
    item = subscriptions.with_price(me.truth.fresh(subscription).item, price)
    changing.switch(me.truth, subscription, item, at_once=at_once)
