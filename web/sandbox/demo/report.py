"""What came out of the demo, printed as finance would look at it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import click
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.money import Money

OUTCOMES = ("applied", "unchanged", "ignored", "refused")


def tables(connection: Connection[Any], finance: str) -> None:
    """A few rows and the totals of each table the demo is about."""
    ask = partial(_ask, connection, finance)
    _head("Who may use what", "entitlements")
    _print(ask(_ENTITLEMENTS), "customer", "feature", "active", "reason", "until")
    _print(ask(_ACCESS), "active", "reason", "rows")
    _head("What was paid", "paid_invoices")
    invoices = [
        (invoice, customer, Money(int(paid), currency), Money(int(refunded), currency), at)
        for invoice, customer, paid, refunded, at, currency in ask(_INVOICES)
    ]
    _print(invoices, "invoice", "customer", "paid", "refunded", "paid at")
    sums = [
        (count, Money(int(paid), currency), Money(int(refunded), currency))
        for count, paid, refunded, currency in ask(_SUMS)
    ]
    _print(sums, "rows", "paid", "refunded")
    _head("Prepaid credits", "balances")
    names = ("granted", "spent", "revoked", "available", "shortfall")
    _print(ask(_BALANCES), "customer", *names)
    _print(ask(_CREDITS), "wallets", *names)


def outcomes(connection: Connection[Any], finance: str) -> dict[str, int]:
    """How many deliveries had which outcome."""
    return {str(name): int(count) for name, count in _ask(connection, finance, _OUTCOMES)}


def _ask(connection: Connection[Any], finance: str, query: SQL) -> list[tuple[Any, ...]]:
    return connection.execute(query.format(finance=Identifier(finance))).fetchall()


def _head(title: str, table: str) -> None:
    click.secho(f"{title} ({table})", bold=True)


def _print(rows: Sequence[Sequence[object]], *heads: str) -> None:
    texts = [heads, *([_text(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"  {line.rstrip()}")
    click.echo()


def _text(cell: object) -> str:
    return "-" if cell is None else str(cell)


_ENTITLEMENTS = SQL("""
SELECT DISTINCT ON (reason) customer_id, feature, active, reason, ends_at::date
  FROM {finance}.entitlements ORDER BY reason, customer_id, feature""")
_ACCESS = SQL("""
SELECT active, reason, count(*) FROM {finance}.entitlements
 GROUP BY active, reason ORDER BY active DESC, count(*) DESC""")
_INVOICES = SQL("""
SELECT invoice_id, customer_id, amount_paid_minor, amount_refunded_minor, paid_at::date, currency
  FROM {finance}.paid_invoices ORDER BY amount_refunded_minor DESC, paid_at DESC LIMIT 4""")
_SUMS = SQL("""
SELECT count(*), sum(amount_paid_minor), sum(amount_refunded_minor), currency
  FROM {finance}.paid_invoices GROUP BY currency ORDER BY currency""")
_BALANCES = SQL("""
SELECT customer_id, granted, spent, revoked, available, shortfall
  FROM {finance}.balances ORDER BY shortfall DESC, revoked DESC, customer_id LIMIT 4""")
_CREDITS = SQL("""
SELECT count(*), sum(granted), sum(spent), sum(revoked), sum(available), sum(shortfall)
  FROM {finance}.balances""")
_OUTCOMES = SQL("SELECT outcome, count(*) FROM {finance}.deliveries GROUP BY outcome")
