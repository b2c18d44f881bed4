"""Who is written to: the customer something belongs to, at the address they have now."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from email.headerregistry import Address
from typing import NamedTuple

from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.customer import Customer
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.mirrors import PaymentMethod
from ledger.aggregates.owned import Owned
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.errors import LedgerError
from ledger.ids import parse_stream
from ledger.reactions.effects import World

LONGEST = 254  # bytes
USERNAME = re.compile(r"[\w!#$%&'*+/=^`{|}~-]+(\.[\w!#$%&'*+/=^`{|}~-]+)*", re.ASCII)
DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+", re.ASCII)
"""What every mail server takes. The library stumbles over some other addresses, and decodes what
looks like an encoded word (`=?`), in which a new line may hide."""
WRITTEN = ("L", "M", "N")  # letters, marks and numbers of any script: nothing that parts or hides

Owner = tuple[str | None, str | None]
"""Whose something is, and the provider's id of its customer."""


class Recipient(NamedTuple):
    """The address a customer has now, and the locale they prefer, if they said so."""

    address: Address
    locale: str | None


class NoRecipient(LedgerError):
    """Nobody can be written to: the sentence says why.

    With `so_far` what tells it may still be on its way, for deliveries come in any order.
    """

    def __init__(self, sentence: str, *, so_far: bool = False) -> None:
        self.so_far = so_far
        super().__init__(sentence)


def recipient(world: World, about: str) -> Recipient:
    """The customer that the stream `about` belongs to. Raises NoRecipient.

    An address that only a payment names is never written to: it may be anybody's.
    """
    stream = parse_stream(about)
    customer_id, key = OWNERS[stream.category](world, about)
    if customer_id is None:
        raise NoRecipient("nobody knows whose it is", so_far=True)
    customer = world.get(Customer, stream.scope.stream(Customer.CATEGORY, key or customer_id))
    if customer.customer_id != customer_id:
        raise NoRecipient("no address of theirs is known", so_far=True)
    if customer.deleted_at is not None:
        raise NoRecipient("the customer was deleted")
    if customer.standing is None:
        raise NoRecipient("no address of theirs is known", so_far=True)
    details = customer.standing.state
    return Recipient(_address(details.email), details.locale)


def _address(email: str | None) -> Address:
    if not email:
        raise NoRecipient("the customer has no e-mail address")
    username, _, domain = email.strip().rpartition("@")
    host = _host(domain) if len(email) <= LONGEST else ""
    if not (USERNAME.fullmatch(_latin(username)) and DOMAIN.fullmatch(host)):
        raise NoRecipient("the customer's e-mail address is none we can write to")
    if len(f"{username}@{host}".encode()) > LONGEST:
        raise NoRecipient("the customer's e-mail address is longer than any")
    return Address(username=username, domain=host)


def _latin(username: str) -> str:
    """The same with an `x` for each letter that is not of ASCII."""
    return "".join(
        "x" if not each.isascii() and unicodedata.category(each)[0] in WRITTEN else each
        for each in username
    )


def _host(domain: str) -> str:
    """The domain as DNS has it; nothing where that depends on the year of the rules.

    Python's are of 2003, by which `faß.de` is `fass.de`, somebody else's today: only what comes
    back as it was is written to.
    """
    if domain.isascii():
        return domain
    try:
        host = domain.encode("idna")
        return host.decode("ascii") if host.decode("idna") == domain.lower() else ""
    except UnicodeError:
        return ""


def _owned(kind: type[Owned]) -> Callable[[World, str], Owner]:
    return lambda world, stream: world.get(kind, stream).owner


def _of_card(world: World, stream: str) -> Owner:
    card = world.get(PaymentMethod, stream)
    return card.customer_id, card.facts.provider_customer_id


def _of_wallet(world: World, stream: str) -> Owner:
    """By the newest payment that gave credits to this customer and says who they are."""
    parsed = parse_stream(stream)
    for grant_id in reversed(world.get(CreditWallet, stream).grants):
        purchase = world.get(Purchase, parsed.scope.stream(Purchase.CATEGORY, grant_id))
        if purchase.owner[0] == parsed.key and purchase.owner[1]:
            return purchase.owner
    return parsed.key, None


OWNERS: dict[str, Callable[[World, str], Owner]] = {
    Purchase.CATEGORY: _owned(Purchase),
    Invoice.CATEGORY: _owned(Invoice),
    Subscription.CATEGORY: _owned(Subscription),
    PaymentMethod.CATEGORY: _of_card,
    CreditWallet.CATEGORY: _of_wallet,
}
"""Category of a stream -> whose it is."""
