"""Whose a payment, invoice or subscription is, and what must be looked at again when that changes.

The first that is known counts: the user it names itself; a person's claim; the owner of its
customer; the one customer known by its e-mail address when it came to be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.customer import Customer
from ledger.aggregates.mailbox import Mailbox, mailbox_key
from ledger.aggregates.owned import Owned
from ledger.aggregates.purchase import Purchase
from ledger.desk import Desk


def attribute(desk: Desk, owned: Owned, names_since: datetime | None = None) -> None:
    """Finds whose `owned` is.

    Objects that came to be at `names_since` and carry both ids also tell who the customer is.
    """
    user_id, key = owned.payer.user_id, owned.payer.provider_customer_id
    if names_since:
        told = owned.owner[1]  # what its earlier snapshots said must not outlive them
        if told and (told != key or not user_id):
            name(desk, told, None, owned.id, names_since)
        if key and user_id:
            name(desk, key, user_id, owned.id, names_since)
    owner = user_id or owned.claimed_by or customers_owner(desk, owned) or mail_owner(desk, owned)
    owned.attribute(owner, desk.why)


def disown(desk: Desk, owned: Owned, names_since: datetime) -> None:
    """Leaves `owned` to another platform, whose users are not ours."""
    told = owned.owner[1]
    if told:
        name(desk, told, None, owned.id, names_since)
    customers_owner(desk, owned)
    owned.attribute(None, desk.why)


def customers_owner(desk: Desk, owned: Owned) -> str | None:
    """Whose the customer of `owned` is; from now on a change of that reaches `owned`."""
    key = owned.payer.provider_customer_id
    return owner_finder(desk, owned)(key) if key else None


def owner_finder(desk: Desk, dependent: Aggregate) -> Callable[[str], str]:
    """Says whose a customer is; from now on a change of that reaches `dependent`."""

    def owner_of(key: str) -> str:
        customer = desk.get(Customer, key)
        with_new_identity(desk, customer, lambda: customer.engage(dependent.id, desk.why))
        return customer.customer_id or key

    return owner_of


def mail_owner(desk: Desk, owned: Owned) -> str | None:
    """Who had the payer's e-mail address when a payment came to be, if that is one person."""
    email = owned.payer.email
    if not isinstance(owned, Purchase) or not email or owned.payer.provider_customer_id:
        return None
    mailbox = desk.get(Mailbox, mailbox_key(email))
    mailbox.wait(owned.id, desk.why)
    owners = set()
    for stream in mailbox.customers_at(owned.terms.opened_at):
        customer = desk.books.get(Customer, stream)
        customer.engage(owned.id, desk.why)
        if not customer.gone_at(owned.terms.opened_at):
            owners.add(customer.customer_id)
    return owners.pop() if len(owners) == 1 else None


def mail_seen(desk: Desk, customer: Customer, email: str, at: datetime) -> None:
    """Remembers since when a customer is known by an address, and looks at what waited for one."""
    mailbox = desk.get(Mailbox, mailbox_key(email))
    if mailbox.see(customer.id, at, desk.why):
        desk.unsettle(*mailbox.waiting)


def name(desk: Desk, key: str, user_id: str | None, by: str, at: datetime) -> None:
    """Takes over which user another object, `by`, says a customer is."""
    customer = desk.get(Customer, key)
    with_new_identity(desk, customer, lambda: customer.name(by, user_id, at, desk.why))


def name_first(desk: Desk, key: str, user_id: str, by: str, at: datetime) -> None:
    """The same by an object that does not tell which of its reports is the newest."""
    customer = desk.get(Customer, key)
    with_new_identity(desk, customer, lambda: customer.name_first(by, user_id, at, desk.why))


def with_new_identity(desk: Desk, customer: Customer, decide: Callable[[], None]) -> None:
    """Lets the customer decide; what depends on who they are is settled anew when that changes."""
    before = customer.customer_id, customer.deleted_at
    decide()
    if (customer.customer_id, customer.deleted_at) != before:
        desk.unsettle(*customer.engaged)
