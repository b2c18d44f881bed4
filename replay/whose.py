"""Finds the streams a word is about: an id of the provider's, a customer's, or any in a table.

The streams' own names say most; for the rest the live tables and what customers are engaged in
serve as an index, so that nothing has to be scanned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier

from ledger.aggregates import customer as customers
from ledger.aggregates import purchase_events as purchases
from ledger.aggregates.charge import Charge
from ledger.aggregates.charge_account import ChargeAccount
from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.customer import Customer
from ledger.aggregates.dunning import Dunning
from ledger.aggregates.group import Group
from ledger.aggregates.hand_grant import HandGrant
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.mirrors import MIRRORS, ActiveEntitlements
from ledger.aggregates.plan import Plan
from ledger.aggregates.plan_holder import PlanHolder
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.shopper import Shopper
from ledger.aggregates.subscription import Subscription
from ledger.delivery import CATEGORY as DELIVERY
from ledger.ids import Scope, parse_stream
from ledger.store.names import Names
from projections.customers import CUSTOMERS
from projections.deliveries import DELIVERIES
from projections.generations import Generations
from projections.projection import Projection
from projections.purchases import PURCHASES
from projections.registry import PROJECTIONS
from projections.schema import connect
from projections.tables import Table
from replay.past import Past

PERSONAL = (Customer, CreditWallet, Shopper, PlanHolder, ChargeAccount, Dunning, ActiveEntitlements)
"""What is named after a customer: whoever names one means all that is theirs."""

MOST_USERS = 50

CATEGORIES = (
    *(kind.CATEGORY for kind in PERSONAL),
    *(kind.CATEGORY for kind in (Purchase, Invoice, Subscription, Charge, HandGrant)),
    *(kind.CATEGORY for kind in (LearningPath, Group, Plan)),
    *MIRRORS,
)


class Place(msgspec.Struct, frozen=True):
    """Where to look: the provider's scope for ids that do not say their own, and the tables."""

    url: str
    names: Names
    scope: Scope


class Whose:
    """Finds streams in one installation; `past` is its history."""

    def __init__(self, past: Past, place: Place) -> None:
        self._past = past
        self._place = place

    def delivery(self, word: str) -> str | None:
        """The id of the delivery a word names: evt_..., or the id itself."""
        found = word if "/" in word else self._place.scope.stream(DELIVERY, word)
        return found if self._past.inbox.known([found]) else None

    def streams(self, word: str) -> list[str]:
        """The streams of the Ledger with this name, or of objects with this id."""
        scope = self._place.scope
        names = [word, *(scope.stream(each, word) for each in CATEGORIES)]
        return sorted(self._past.ledger.known(names))

    def about(self, word: str) -> list[str]:
        """All streams a word is about: those of a customer, or those of one object."""
        streams = self.streams(word)
        if word not in streams and all(each.startswith(_PERSONAL) for each in streams):
            return self.customer(word)
        return streams

    def customer(self, word: str) -> list[str]:
        """All streams of a customer: the application's user, or the provider's cus_..."""
        own, ids = self._own(word)
        events = [each.event for each in self._past.events(own)]
        ids |= {each.customer_id for each in events if isinstance(each, customers.Identified)}
        engaged = {each.stream for each in events if isinstance(each, customers.Engaged)}
        theirs = {
            each.event.originator_id
            for each in self._past.events(sorted(engaged - set(own)))
            if getattr(each.event, "customer_id", None) in ids
        }
        charges = self._charges(sorted({*own, *theirs}))
        return sorted(self._past.ledger.known(sorted({*own, *theirs, *charges})))

    def ids(self, word: str) -> set[str]:
        """All ids a customer is known under: the application's, and the provider's."""
        own, ids = self._own(word)
        events = (each.event for each in self._past.events(own))
        return ids | {each.customer_id for each in events if isinstance(each, customers.Identified)}

    def wallets(self, word: str) -> list[str]:
        """A customer's wallets, one for each account they ever had credits on."""
        own = [each for each in self._own(word)[0] if each.startswith(_WALLETS)]
        return sorted(self._past.ledger.known(own))

    def rows(self, projection: Projection, word: str) -> list[str]:
        """The streams that may have rows of a table in which a word stands, now or before."""
        found = {*self.streams(word), *self.customer(word)}
        if "stream" in _names(projection):
            with self._tables() as tables:
                for column in {names[0] for names in projection.indexes}:
                    found |= {*tables.having(projection, column, word)}
        return sorted(found)

    def with_email(self, email: str) -> list[str]:
        """The users with an e-mail address, in whatever case it is written; MOST_USERS at most."""
        with self._tables() as tables:
            return list(tables.with_email(email))

    def owners(self, streams: Sequence[str]) -> list[str]:
        """The customers who have rows from these streams."""
        return sorted({each for owners in self.owners_of(streams).values() for each in owners})

    def owners_of(self, streams: Sequence[str]) -> dict[str, list[str]]:
        """The customers who have rows from each of these streams."""
        found: dict[str, set[str]] = {each: set() for each in streams}
        with self._tables() as tables:
            for stream, owner in tables.owners(streams):
                found[stream].add(owner)
        return {stream: sorted(owners) for stream, owners in found.items()}

    def refused(self) -> list[str]:
        """The deliveries that are refused, the newest first."""
        with self._tables() as tables:
            return list(tables.refused())

    def nobodys(self, feature: str) -> list[str]:
        """The paid purchases of a feature whose payer nobody knows."""
        with self._tables() as tables:
            return list(tables.nobodys(feature))

    def _own(self, word: str) -> tuple[list[str], set[str]]:
        """The streams a customer's others are found by, and all the ids they are known under."""
        with self._tables() as tables:
            ids = {word, *tables.known_as(word)}
            found = {stream for each in ids for stream in tables.owned_by(each)}
        scopes = {self._place.scope, *(parse_stream(each).scope for each in found)}
        found |= {
            scope.stream(kind.CATEGORY, each)
            for scope in scopes
            for kind in PERSONAL
            for each in ids
        }
        return sorted(found), ids

    def _charges(self, streams: Sequence[str]) -> Iterator[str]:
        """The charges that brought the money of these payments."""
        for each in self._past.events([each for each in streams if each.startswith(_PAYMENTS)]):
            if isinstance(each.event, purchases.Paid) and each.event.charge_id:
                scope = parse_stream(each.event.originator_id).scope
                yield scope.stream(Charge.CATEGORY, each.event.charge_id)

    @contextmanager
    def _tables(self) -> Iterator[_Tables]:
        with connect(self._place.url, self._place.names) as connection:
            yield _Tables(connection, self._place.names)


class _Tables:
    """The live tables as an index of streams."""

    def __init__(self, connection: Connection[Any], names: Names) -> None:
        self._connection = connection
        self._schema = names.projections
        self._number = Generations(self._schema).current(connection).number

    def known_as(self, word: str) -> Iterator[str]:
        """The other ids of a customer known by one."""
        query = SQL(
            "SELECT customer_id, provider_customer_id FROM {0} WHERE customer_id IN"
            " (SELECT customer_id FROM {0} WHERE customer_id = %s OR provider_customer_id = %s)"
        ).format(self._identifier(CUSTOMERS))
        for row in self._connection.execute(query, [word, word]):
            yield from map(str, row)

    def owned_by(self, customer_id: str) -> Iterator[str]:
        """The streams with rows that are a customer's."""
        for projection in _OWNED:
            yield from self.having(projection, "customer_id", customer_id)

    def having(self, projection: Projection, column: str, word: str) -> Iterator[str]:
        """The streams with rows in which a column holds a word."""
        types = {each.name: each.sql_type for each in projection.columns}
        if types[column] == "text":
            query = SQL("SELECT DISTINCT stream FROM {} WHERE {} = %s").format(
                self._identifier(projection), Identifier(column)
            )
            yield from (str(row[0]) for row in self._connection.execute(query, [word]))

    def with_email(self, email: str) -> Iterator[str]:
        """The users with an e-mail address."""
        query = SQL(
            "SELECT DISTINCT customer_id FROM {} WHERE lower(email) = lower(%s)"
            " ORDER BY customer_id LIMIT %s"
        ).format(self._identifier(CUSTOMERS))
        for row in self._connection.execute(query, [email, MOST_USERS]):
            yield str(row[0])

    def owners(self, streams: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each of these streams with each customer who has rows from it."""
        for projection in _OWNED:
            query = SQL(
                "SELECT DISTINCT stream, customer_id FROM {}"
                " WHERE stream = ANY(%s) AND customer_id IS NOT NULL"
            ).format(self._identifier(projection))
            for stream, customer_id in self._connection.execute(query, [list(streams)]):
                yield stream, str(customer_id)

    def refused(self) -> Iterator[str]:
        """The deliveries that are refused, the newest first."""
        query = SQL(
            "SELECT delivery_id FROM {} WHERE outcome = 'refused'"
            " ORDER BY received_at DESC, delivery_id"
        ).format(self._identifier(DELIVERIES))
        yield from (str(row[0]) for row in self._connection.execute(query))

    def nobodys(self, feature: str) -> Iterator[str]:
        """The paid purchases of a feature whose payer nobody knows."""
        query = SQL(
            "SELECT purchase_id FROM {} WHERE customer_id IS NULL AND paid_at IS NOT NULL"
            " AND %s = ANY(features) AND ours ORDER BY paid_at"
        ).format(self._identifier(PURCHASES))
        yield from (str(row[0]) for row in self._connection.execute(query, [feature]))

    def _identifier(self, projection: Projection) -> Composable:
        return Table(self._schema, projection, self._number).identifier


def _names(projection: Projection) -> set[str]:
    return {each.name for each in projection.columns}


_OWNED = [each for each in PROJECTIONS if {"customer_id", "stream"} <= _names(each)]
_PERSONAL = tuple(f"{kind.CATEGORY}/" for kind in PERSONAL)
_PAYMENTS = f"{Purchase.CATEGORY}/"
_WALLETS = f"{CreditWallet.CATEGORY}/"
