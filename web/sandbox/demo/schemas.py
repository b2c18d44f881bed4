"""Schemas of the demo's own, so that it never touches what an operator keeps."""

from __future__ import annotations

import secrets

import psycopg
from psycopg.sql import SQL, Identifier

from ledger.store.names import Names


def named(what: str) -> Names:
    """The names of schemas that only show `what`."""
    return Names(
        inbox=f"billing_{what}_inbox",
        ledger=f"billing_{what}_ledger",
        projections=f"billing_{what}_projections",
        finance=f"billing_{what}_finance",
    )


def clear(url: str, names: Names) -> None:
    """Removes what an earlier run left in schemas that are only shown."""
    with psycopg.connect(url, autocommit=True) as connection:
        for schema in names.schemas:
            drop = SQL("DROP SCHEMA IF EXISTS {} CASCADE")
            connection.execute(drop.format(Identifier(schema)))


def schemas(names: Names) -> dict[str, str]:
    """The settings that make our programs use these schemas."""
    return {
        "BILLING_INBOX_SCHEMA": names.inbox,
        "BILLING_LEDGER_SCHEMA": names.ledger,
        "BILLING_PROJECTIONS_SCHEMA": names.projections,
        "BILLING_FINANCE_SCHEMA": names.finance,
    }


def made_up(url: str, names: Names, credits_product_id: str) -> dict[str, str]:
    """The settings of programs in these schemas that sell, with secrets nobody else knows."""
    return {
        "DATABASE_URL": url,
        "STRIPE_WEBHOOK_SECRET": "whsec_" + secrets.token_urlsafe(24),
        "STRIPE_CREDITS_PRODUCT_ID": credits_product_id,
        "BILLING_TOKEN_SECRET": secrets.token_urlsafe(32),
        **schemas(names),
    }
