"""The rows of finance's views that are compared, and whether they are fresh enough to be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from ledger.errors import LedgerError
from ledger.store.connection import conninfo
from ledger.store.names import Names
from replay.reconcile.kinds import Facts, Kind

Rows = dict[str, "Row"]


class TablesBehind(LedgerError):
    """What is received and not in the tables yet would look like a difference."""

    def __init__(self, deliveries: int, events: int) -> None:
        self.deliveries = deliveries
        self.events = events
        super().__init__(
            f"the tables are behind ({deliveries} deliveries, {events} events): let `billing work` "
            "catch up, then reconcile"
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

    def fresh(self) -> None:
        """Raises TablesBehind while anything waits."""
        query = SQL("SELECT waiting_deliveries, lag_events FROM {}.freshness").format(self._schema)
        row = self._connection.execute(query).fetchone()
        if row and (row["waiting_deliveries"] or row["lag_events"]):
            raise TablesBehind(row["waiting_deliveries"], row["lag_events"])

    def all(self, kind: Kind) -> Rows:
        """All rows of the view by id: columns, age, and whether Stripe must list them."""
        query = SQL(
            "SELECT {key} AS key, {since} AS since, {where} AS expected, {columns}"
            " FROM {schema}.{view} WHERE account = %s"
        ).format(
            key=Identifier(kind.key),
            since=Identifier(kind.since),
            where=SQL(kind.where.replace("%", "%%")),
            columns=SQL(", ").join(map(Identifier, kind.columns)),
            schema=self._schema,
            view=Identifier(kind.view),
        )
        found = self._connection.execute(query, [self._account]).fetchall()
        return {row["key"]: Row(row) for row in found}


def differing(row: Row, facts: Facts) -> dict[str, tuple[object, object]]:
    """Column -> what the row says and what Stripe says, where these differ."""
    return {name: (row[name], value) for name, value in facts.items() if row[name] != value}


def is_old(row: Row, until: datetime) -> bool:
    """Whether a row is older than what may still be in flight."""
    return row["since"] is None or row["since"] <= until
