"""The rows of finance's views that are compared, and whether they are fit to be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from ledger.errors import LedgerError
from ledger.ids import parse_stream
from ledger.store.connection import conninfo
from ledger.store.names import Names
from replay.reconcile.kinds import Kind
from replay.reconcile.tells import Facts, OneOf, Value

Rows = dict[str, "Row"]
MODES = ("test", "live")


class TablesBehind(LedgerError):
    """What is received and not in the tables yet would look like a difference."""

    def __init__(self, deliveries: int, events: int) -> None:
        self.deliveries = deliveries
        self.events = events
        super().__init__(
            f"the tables are behind ({deliveries} deliveries, {events} events): let `billing work` "
            "catch up, then reconcile"
        )


class OtherMode(LedgerError):
    """What a key for one mode sees has nothing to do with the rows of the other."""

    def __init__(self, livemode: bool) -> None:
        self.livemode = livemode
        rows, key = MODES[livemode], MODES[not livemode]
        super().__init__(
            f"the tables are of {rows} mode, and STRIPE_SECRET_KEY (or BILLING_MODE) is for {key}: "
            f"nothing is compared; reconcile with a key for {rows} mode"
        )


class Row(dict[str, Any]):
    """What a row says, by column."""


class Tables:
    """Reads as finance does, one account's rows, all in the same transaction of the database."""

    def __init__(self, url: str, names: Names, account: str) -> None:
        settings = {"role": names.reader, "timezone": "UTC"}
        self._schema = Identifier(names.finance)
        self._account = account
        self._connection = psycopg.connect(conninfo(url, settings), row_factory=dict_row)
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def fit(self, livemode: bool) -> None:
        """Raises TablesBehind while anything waits, and OtherMode where the rows are of it."""
        query = SQL("SELECT waiting_deliveries, lag_events FROM {}.freshness").format(self._schema)
        row = self._connection.execute(query).fetchone()
        if row and (row["waiting_deliveries"] or row["lag_events"]):
            raise TablesBehind(row["waiting_deliveries"], row["lag_events"])
        query = SQL(
            "SELECT delivery_id FROM {}.deliveries WHERE outcome = 'applied'"
            " ORDER BY received_at DESC LIMIT 1"
        ).format(self._schema)
        newest = self._connection.execute(query).fetchone()
        if newest and parse_stream(newest["delivery_id"]).scope.livemode != livemode:
            raise OtherMode(not livemode)

    def other_accounts(self) -> list[str]:
        """The accounts of rows that are not compared now."""
        query = SQL(
            "SELECT account FROM {0}.purchases UNION SELECT account FROM {0}.subscriptions"
            " EXCEPT SELECT %s ORDER BY 1"
        ).format(self._schema)
        return [row["account"] for row in self._connection.execute(query, [self._account])]

    def all(self, kind: Kind) -> Rows:
        """All rows of the view by id: columns, age, and whether Stripe must list them."""
        columns = [
            SQL("{} AS {}").format(SQL(expression), Identifier(name))
            for name, expression in kind.columns.items()
        ]
        query = SQL(
            "SELECT {key} AS key, {since} AS since, {where} AS expected, {columns}"
            " FROM {schema}.{view} WHERE account = %s AND {key} IS NOT NULL"
        ).format(
            key=Identifier(kind.key),
            since=Identifier(kind.since),
            where=SQL(kind.where),
            columns=SQL(", ").join(columns),
            schema=self._schema,
            view=Identifier(kind.view),
        )
        found = self._connection.execute(query, [self._account]).fetchall()
        return {row["key"]: Row(row) for row in found}


def differing(row: Row, facts: Facts) -> dict[str, tuple[object, object]]:
    """Column -> what the row says and what Stripe says, where these differ."""
    return {
        name: (row[name], value.words[0] if isinstance(value, OneOf) else value)
        for name, value in facts.items()
        if not _agrees(row[name], value)
    }


def _agrees(ours: object, value: Value) -> bool:
    return ours in value.words if isinstance(value, OneOf) else ours == value


def is_old(row: Row, until: datetime) -> bool:
    """Whether a row is older than what may still be in flight."""
    return row["since"] is None or row["since"] <= until
