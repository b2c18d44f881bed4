"""What happens to customers, their e-mail addresses, wallets and keys, in words."""

from __future__ import annotations

from ledger.aggregates import api_key as keys
from ledger.aggregates import credit_wallet as wallets
from ledger.aggregates import customer as customers
from ledger.aggregates import mailbox as mailboxes
from replay.sentences.words import Sentences, key, listed, when


def reported(event: customers.Reported) -> str:
    details = event.standing.state
    said = [details.name, details.email, f"user {details.user_id}" if details.user_id else None]
    return f"customer {key(event)} is {listed(filter(None, said), 'without a name')}"


def named(event: customers.Named) -> str:
    if event.user_id is None:
        return f"{event.by} says no longer which user customer {key(event)} is"
    return f"{event.by} says that customer {key(event)} is user {event.user_id}"


def granted(event: wallets.Granted) -> str:
    return f"payment {event.grant_id} gives {key(event)} {event.credits} credits{_left(event)}"


def revoked(event: wallets.Revoked) -> str:
    of = f"{event.revoked} of the credits payment {event.grant_id} gave"
    return f"{of} are taken back from {key(event)}{_left(event)}"


def withdrawn(event: wallets.GrantWithdrawn) -> str:
    return f"what payment {event.grant_id} gave was not {key(event)}'s after all{_left(event)}"


def spent(event: wallets.Spent) -> str:
    return f"{key(event)} spent {event.credits} credits for {event.key}{_left(event)}"


def _left(
    event: wallets.Granted | wallets.Revoked | wallets.GrantWithdrawn | wallets.Spent,
) -> str:
    sums = event.totals
    missing = f", {sums.shortfall} missing" if sums.shortfall else ""
    return f"; {sums.available} are left{missing}"


def issued(event: keys.Issued) -> str:
    terms = event.terms
    until = f" until {when(terms.expires_at)}" if terms.expires_at else ""
    return f"key {event.key_id} was given to {terms.name} for {listed(terms.scopes)}{until}"


CUSTOMERS: Sentences = {
    customers.Reported: reported,
    customers.Deleted: lambda e: f"customer {key(e)} was deleted at {when(e.deleted_at)}",
    customers.Named: named,
    customers.Engaged: lambda e: f"customer {key(e)} decides whose {e.stream} is",
    customers.Identified: lambda e: f"customer {key(e)} is known as {e.customer_id}",
    mailboxes.CustomerSeen: lambda e: f"{e.customer} is known by this address since {when(e.at)}",
    mailboxes.PaymentWaits: lambda e: f"{e.purchase} asks whose this address is",
    wallets.Granted: granted,
    wallets.Revoked: revoked,
    wallets.GrantWithdrawn: withdrawn,
    wallets.Spent: spent,
    keys.Issued: issued,
    keys.Rotated: lambda e: (
        f"key {e.key_id} has a new secret; the one before is good until {when(e.previous_until)}"
    ),
    keys.Revoked: lambda e: f"key {e.key_id} is good for nothing any more",
}
