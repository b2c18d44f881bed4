"""Registers users with the provider, and gives them the free plan every user starts with."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.aggregates.customer import Customer
from ledger.aggregates.mailbox import Mailbox, mailbox_key
from ledger.aggregates.plan import StarterPlan
from ledger.aggregates.shopper import DONE
from ledger.aggregates.shopper_events import CustomerAsked, DetailsAsked
from ledger.checkout.plans import opened, plan_for_sale, start_plan
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Visit, visit
from ledger.ids import parse_stream
from ledger.providers.outbound import NewCustomer


class Person(msgspec.Struct, frozen=True):
    """A user of the application; `user_id` is the application's own."""

    user_id: str
    email: str | None = None
    name: str | None = None


class Registered(msgspec.Struct, frozen=True):
    """Who the user is to the provider, and the subscription by which they have their plan."""

    provider_customer_id: str
    starter_subscription_id: str | None


def register(shop: Shop, person: Person, now: datetime) -> Registered:
    """Makes a user a customer of the provider's, once, and subscribes them to the starter plan.

    Registered again with another address or name, the provider is told.

    Raises InvalidTerms, Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> Registered:
        customer_id = enrolled(at, person)
        _tell(at, customer_id, person)
        return Registered(customer_id, _starter(at))

    return visit(shop, person.user_id, now, work)


def enrolled(at: Visit, person: Person) -> str:
    """The user's customer at the provider: known and not deleted, found by address, or made."""
    known = at.shopper.provider_customer_id
    if known is not None and at.get(Customer, known).deleted_at is None:
        return known
    order = at.shopper.order(SUBJECT)
    found = _known_already(at, person) if order is None else None
    if found is None:
        new = NewCustomer(person.user_id, person.email, person.name)
        order = at.order(CustomerAsked, SUBJECT, new)
        asked = order
        found = at.ask(asked, lambda: at.outbound.create_customer(asked.key, asked.new))
        at.shopper.close(asked, DONE, at.why)
    at.shopper.register(found, at.why)
    at.store()
    return found


SUBJECT = "customer"
DETAILS = "customer details"


def _tell(at: Visit, customer_id: str, person: Person) -> None:
    """The provider knows the customer as the application does; what is not said stays."""
    known = at.shopper.details or _reported(at, customer_id)
    new = NewCustomer(person.user_id, person.email or known.email, person.name or known.name)
    if new == known:
        at.done(DETAILS)
    else:
        at.errand(
            DetailsAsked,
            DETAILS,
            new,
            lambda key: at.outbound.update_customer(key, customer_id, new),
        )


def _reported(at: Visit, customer_id: str) -> NewCustomer:
    """What the provider has told of a customer that was not made by us."""
    standing = at.get(Customer, customer_id).standing
    said = standing.state if standing else None
    return NewCustomer(at.user_id, said.email if said else None, said.name if said else None)


def _known_already(at: Visit, person: Person) -> str | None:
    """A customer the provider told of, with this address, that says it is this user."""
    if not person.email:
        return None
    mailbox = at.get(Mailbox, mailbox_key(person.email))
    keys = (parse_stream(each).key for each in mailbox.customers)
    customers = ((key, at.get(Customer, key)) for key in keys)
    found = (
        key
        for key, each in customers
        if each.customer_id == person.user_id and each.deleted_at is None
    )
    return min(found, default=None)


def _starter(at: Visit) -> str | None:
    """The subscription to the plan the user has, or starts with; none once they ended it."""
    order = at.shopper.plan
    if order is not None:
        return order.provider_id or opened(at, order).id
    plan_id = at.get(StarterPlan, StarterPlan.KEY).plan_id
    if plan_id is None or at.shopper.had_plan:
        return None
    return start_plan(at, plan_for_sale(at, plan_id)).id
