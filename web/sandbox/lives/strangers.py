"""Stories of people Stripe knows better than we do, or not at all."""

from __future__ import annotations

from web.sandbox.lives.credits import open_pack
from web.sandbox.lives.memberships import starts
from web.sandbox.lives.person import Person, Script
from web.sandbox.lives.purchases import learning_path
from web.sandbox.truth import checkout, customers, payments, subscriptions
from web.sandbox.truth.intents import Asked


def named_late(me: Person) -> Script:
    """Buys and subscribes first; the customer's metadata tells who it was only later."""
    yield from learning_path(me)
    starts(me, me.shop.plan("basic"))
    yield me.days(5, 50)
    customers.set_metadata(me.truth, me.customer, "user_id", me.user_id)


def named_by_reference(me: Person) -> Script:
    """Buys first; a later session's client_reference_id tells who it was."""
    yield from learning_path(me)
    yield me.days(5, 50)
    session = open_pack(me, client_reference_id=me.user_id)
    yield me.minutes()
    checkout.complete(me.truth, session)


def only_an_address(me: Person) -> Script:
    """Somebody else pays at Checkout and leaves nothing but an e-mail address."""
    yield me.days(1, 90)
    email = f"payer-{me.user_id}@elsewhere.example"
    metadata = {"purpose": "school fee"}
    named = {"customer": None, "email": email, "metadata": metadata}
    session = me.opens_checkout(me.shop.package, me.random.randint(1, 9), **named)
    yield me.minutes()
    checkout.complete(me.truth, session)


def other_platform(me: Person) -> Script:
    """Another application of the same account sells something under its own name."""
    yield me.days(1, 90)
    metadata = {"platform": "bookshop", "learning_path_id": "101", "user_id": me.user_id}
    asked = Asked(account=me.shop.account, amount=2500, metadata=metadata, description="Books")
    intent = payments.open_intent(me.truth, asked)
    yield me.minutes()
    payments.pay(me.truth, intent, me.card())


def asked_by_hand(me: Person) -> Script:
    """A payment made in Stripe's dashboard says nothing about what it is for."""
    yield me.days(1, 90)
    asked = Asked(account=me.shop.account, amount=4200, customer=me.customer.id)
    payments.pay(me.truth, payments.open_intent(me.truth, asked), me.card())


def deleted(me: Person) -> Script:
    """Subscribes and asks to be forgotten: the subscription ends, the customer is deleted."""
    yield me.days(1, 60)
    starts(me, me.shop.plan("basic"))
    yield me.days(20, 90)
    for subscription in me.subscriptions:
        if me.truth.fresh(subscription).ended_at is None:
            subscriptions.end(me.truth, subscription, "cancellation_requested")
    customers.delete(me.truth, me.customer)
