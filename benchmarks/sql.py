"""The one question every proof asks of the database."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier


def count(connection: psycopg.Connection[Any], table: str) -> int:
    """How many rows `schema.table` has."""
    query = SQL("SELECT count(*) FROM {}").format(Identifier(*table.split(".")))
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
