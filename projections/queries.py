"""The few questions the web asks, each of them one statement on the views finance sees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, get_args

import msgspec
import psycopg
from eventsourcing.persistence import OperationalError
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Composable, Identifier
from psycopg_pool import ConnectionPool

from ledger.aggregates.bookkeeping import Outcome
from ledger.store.connection import BoundedConnection, conninfo, session
from ledger.store.errors import StoreUnavailable
from ledger.store.forks import abandon, renew_after_fork
from ledger.store.names import Names
from projections.doubts import rows_in_doubt
from projections.entitlements import ACTIVE_AT

LIMIT_SECONDS = 5.0
MOST_ROWS = 500

NO_PARTS: Mapping[str, Composable] = MappingProxyType({})
ACTIVE = SQL(ACTIVE_AT.format(at="%(at)s"))

Pool = ConnectionPool[BoundedConnection[DictRow]]


class Page(msgspec.Struct, frozen=True):
    """A part of a list: `limit` rows, from the one on whose cursor is `after` (None: the start).

    The row of `after` comes too, so that one which is not there is told from the end of the list.
    """

    limit: int
    after: str | None = None


class Listing(msgspec.Struct, frozen=True):
    """A list: its view, the order of its rows, what tells them apart, and which of them are meant.

    Rows of a page have that text as `cursor`.
    """

    view: str
    order: str
    cursor: str
    where: str = "customer_id = %(customer_id)s AND account = %(account)s"


ENTITLEMENTS = Listing(
    "entitlements", "feature, granted_at", "source_kind || ':' || source_id || ':' || feature"
)
RECEIPTS = Listing("paid_invoices", "paid_at DESC", "invoice_id")
PURCHASES = Listing("purchases", "opened_at DESC", "purchase_id")
SUBSCRIPTIONS = Listing("subscriptions", "started_at DESC", "subscription_id")
CHARGES = Listing("account_charges", "due_at", "charge_id")
ACCOUNT_PAYMENTS = Listing(
    "account_payments", "coalesce(requested_at, paid_at) DESC", "payment_key"
)
REGISTRATIONS = Listing(
    "group_registrations",
    "paid_at DESC NULLS LAST, group_id",
    "source_kind || ':' || source_id",
)
PLAN_PERIODS = Listing(
    "plan_periods", "held_from DESC", "subscription_id || '@' || extract(epoch FROM held_from)"
)
CATALOG = Listing(
    "catalog",
    "kind, offering_id",
    "kind || ':' || offering_id",
    where="account = %(account)s",
)
CUSTOMERS = Listing("customers", "created_at DESC NULLS LAST", "provider_customer_id")


class Queries:
    """Reads the views as the finance role does, with few connections that threads share.

    Rows are dicts by column name, amounts in minor units, times aware. `account` is '' for the
    platform's own. Every method raises StoreUnavailable when the database does not answer.
    """

    def __init__(
        self, url: str, names: Names, pool_size: int = 4, limit_seconds: float = LIMIT_SECONDS
    ) -> None:
        settings = {**session(names.reader, limit_seconds), "timezone": "UTC"}
        self._limit_seconds = limit_seconds
        self._schema = Identifier(names.finance)
        self._conninfo = conninfo(url, settings)
        self._pool_size = pool_size
        self._pool = self._new_pool()
        renew_after_fork(self)

    def entitlements(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """All a customer was ever given, with `active` and `reason` as of now."""
        return self._listed(ENTITLEMENTS, page, customer_id=customer_id, account=account)

    def may_use(self, customer_id: str, feature: str, at: datetime, account: str = "") -> bool:
        """Whether any purchase or subscription of a customer gives a feature at a moment."""
        who = {"customer_id": customer_id, "feature": feature, "account": account}
        return bool(self._rows(_MAY_USE, {"active": ACTIVE}, at=at, **who)[0]["may"])

    def balance(self, customer_id: str, account: str = "") -> DictRow | None:
        """A customer's credits; None if they never had any."""
        found = self._rows(_BALANCE, customer_id=customer_id, account=account)
        return next(iter(found), None)

    def receipts(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """What a customer paid, the newest first."""
        return self._listed(RECEIPTS, page, customer_id=customer_id, account=account)

    def purchases(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """A customer's payments, paid or not, the newest first."""
        return self._listed(PURCHASES, page, customer_id=customer_id, account=account)

    def purchase(self, purchase_id: str, account: str = "") -> DictRow | None:
        """One payment; None if it was not seen (yet)."""
        found = self._rows(_PURCHASE, purchase_id=purchase_id, account=account)
        return next(iter(found), None)

    def subscriptions(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """A customer's subscriptions, the newest first."""
        return self._listed(SUBSCRIPTIONS, page, customer_id=customer_id, account=account)

    def charges(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """What a customer owes or owed, by when it is due."""
        return self._listed(CHARGES, page, customer_id=customer_id, account=account)

    def account_payments(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """Payments for a customer's charges, made or asked for, the newest first."""
        return self._listed(ACCOUNT_PAYMENTS, page, customer_id=customer_id, account=account)

    def registrations(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """A customer's memberships of groups, the newest first."""
        return self._listed(REGISTRATIONS, page, customer_id=customer_id, account=account)

    def plan_periods(
        self, customer_id: str, account: str = "", page: Page | None = None
    ) -> list[DictRow]:
        """Which plan a customer had when, the newest first."""
        return self._listed(PLAN_PERIODS, page, customer_id=customer_id, account=account)

    def catalog(self, account: str = "", page: Page | None = None) -> list[DictRow]:
        """What is for sale."""
        return self._listed(CATALOG, page, account=account)

    def customers(self, customer_id: str, account: str = "") -> list[DictRow]:
        """The provider's customers that are this customer."""
        return self._listed(CUSTOMERS, None, customer_id=customer_id, account=account)

    def unmatched(self) -> list[DictRow]:
        """Payments whose payer nobody knows, the oldest first: money that waits for its owner."""
        return self._rows(_UNMATCHED, limit=MOST_ROWS)

    def ambiguous(self) -> list[DictRow]:
        """Rows whose newest report cannot be told, and payments whose reports contradict."""
        return self._rows(_AMBIGUOUS, {"doubtful": rows_in_doubt(self._schema)}, limit=MOST_ROWS)

    def deliveries(self, outcome: str | None = None, limit: int = 100) -> list[DictRow]:
        """The newest deliveries with this outcome, or with any."""
        outcomes = [outcome] if outcome else list(get_args(Outcome))
        return self._rows(_DELIVERIES, outcomes=outcomes, limit=min(limit, MOST_ROWS))

    def delivery(self, event_id: str) -> list[DictRow]:
        """What became of the provider's event; one row for each account and mode it came for."""
        return self._rows(_DELIVERY, event_id=event_id)

    def outcomes(self) -> dict[str, int]:
        """How many deliveries came to which outcome."""
        return {row["outcome"]: row["deliveries"] for row in self._rows(_OUTCOMES)}

    def freshness(self) -> DictRow:
        """How old the tables are: the one row of the view `freshness`."""
        return self._rows(_FRESHNESS)[0]

    def close(self) -> None:
        self._pool.close()

    def renew(self) -> None:
        abandon(self._pool)
        self._pool = self._new_pool()

    def _listed(self, listing: Listing, page: Page | None, **whose: str) -> list[DictRow]:
        parts = {
            "view": Identifier(listing.view),
            "where": SQL(listing.where),
            "order": SQL(f"{listing.order}, {listing.cursor}"),
            "cursor": SQL(listing.cursor),
        }
        if page is None:
            return self._rows(_ALL, parts, **whose)
        more = 1 if page.after is None else 2  # the row of the cursor, and one to see if there is
        return self._rows(_PAGE, parts, after=page.after, limit=page.limit + more, **whose)

    def _rows(
        self, query: SQL, parts: Mapping[str, Composable] = NO_PARTS, **values: Any
    ) -> list[DictRow]:
        if self._pool.closed:
            self._pool.open()
        try:
            with self._pool.connection(timeout=self._limit_seconds) as connection:
                statement = query.format(schema=self._schema, **parts)
                return connection.execute(statement, values).fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError, OperationalError) as problem:
            raise StoreUnavailable(self._limit_seconds, problem) from problem

    def _new_pool(self) -> Pool:
        return ConnectionPool(
            self._conninfo,
            connection_class=BoundedConnection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=self._pool_size,
            open=False,
            check=ConnectionPool.check_connection,
            reconnect_timeout=0.0,
        )


_ALL = SQL("SELECT * FROM {schema}.{view} WHERE {where} ORDER BY {order}")
_PAGE = SQL(
    "WITH numbered AS (SELECT *, {cursor} AS cursor, row_number() OVER (ORDER BY {order})"
    " AS position FROM {schema}.{view} WHERE {where})"
    " SELECT * FROM numbered WHERE %(after)s::text IS NULL"
    " OR position >= (SELECT min(position) FROM numbered WHERE cursor = %(after)s)"
    " ORDER BY position LIMIT %(limit)s"
)
_BALANCE = SQL(
    "SELECT * FROM {schema}.balances WHERE customer_id = %(customer_id)s AND account = %(account)s"
)
_MAY_USE = SQL(
    "SELECT EXISTS (SELECT FROM {schema}.entitlements WHERE customer_id = %(customer_id)s"
    " AND account = %(account)s AND feature = %(feature)s AND {active}) AS may"
)
_PURCHASE = SQL(
    "SELECT * FROM {schema}.purchases WHERE purchase_id = %(purchase_id)s AND account = %(account)s"
)
_DELIVERIES = SQL(
    "SELECT d.* FROM unnest(%(outcomes)s::text[]) o, LATERAL ("
    "SELECT * FROM {schema}.deliveries WHERE outcome = o"
    " ORDER BY received_at DESC LIMIT %(limit)s) d"  # each from one end of an index
    " ORDER BY received_at DESC LIMIT %(limit)s"
)
_UNMATCHED = SQL(
    "SELECT purchase_id, account, status, currency, paid_minor, credits, features, paid_at"
    " FROM {schema}.purchases WHERE customer_id IS NULL AND paid_at IS NOT NULL"
    " ORDER BY paid_at, purchase_id LIMIT %(limit)s"
)
_AMBIGUOUS = SQL("SELECT * FROM ({doubtful}) AS rows ORDER BY view, id LIMIT %(limit)s")
_DELIVERY = SQL("SELECT * FROM {schema}.deliveries WHERE event_id = %(event_id)s")
_OUTCOMES = SQL("SELECT outcome, count(*) AS deliveries FROM {schema}.deliveries GROUP BY outcome")
_FRESHNESS = SQL("SELECT * FROM {schema}.freshness")
