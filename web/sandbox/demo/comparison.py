"""Holds what finance reads against the simulator's truth, row by row and value by value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from web.sandbox.oracle.rows import Row, Tables

KEYS = {
    "customers": ("provider_customer_id", "account"),
    "purchases": ("purchase_id",),
    "subscriptions": ("subscription_id",),
    "entitlements": ("account", "source_kind", "source_id", "feature"),
    "paid_invoices": ("invoice_id",),
    "balances": ("customer_id", "account"),
    "invoices": ("invoice_id",),
    "payment_methods": ("payment_method_id",),
    "balance_transactions": ("balance_transaction_id", "account"),
}
WHILE_ACTIVE = {"paid", "trial", "grace"}


class Difference(NamedTuple):
    """Where the tables and the truth disagree; None for a row that one of them has not."""

    table: str
    key: tuple[Any, ...]
    column: str
    truth: Any
    found: Any


def differences(connection: Connection[Any], finance: str, truth: Tables) -> list[Difference]:
    """All disagreements between the views in schema `finance` and the truth."""
    return [
        difference
        for table, columns in KEYS.items()
        for difference in _in_table(
            table,
            {tuple(row[c] for c in columns): row for row in truth[table].values()},
            {tuple(row[c] for c in columns): row for row in rows(connection, finance, table)},
        )
    ]


def rows(connection: Connection[Any], finance: str, table: str) -> list[Row]:
    """All rows of one view, as finance gets them."""
    query = SQL("SELECT * FROM {}.{}").format(Identifier(finance), Identifier(table))
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query).fetchall()


def _in_table(
    table: str, truth: dict[tuple[Any, ...], Row], found: dict[tuple[Any, ...], Row]
) -> Iterator[Difference]:
    for key in truth.keys() | found.keys():
        true, seen = truth.get(key), found.get(key)
        if true is None or seen is None:
            yield Difference(table, key, "*", true, seen)
        else:
            for column, value in true.items():
                if not _agree(column, value, seen):
                    yield Difference(table, key, column, value, seen.get(column))


def _agree(column: str, true: Any, seen: Row) -> bool:
    """Of reasons the truth knows only the fact that sets the end; the view reads the clock too."""
    if column == "reason" and seen["active"]:
        return seen[column] in WHILE_ACTIVE
    if column == "reason":
        return bool(seen[column] == (true or "expired"))
    return column in seen and bool(true == seen[column])
