"""What a row is: a plain dict of column to value, kept under its key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
Table = dict[tuple[Any, ...], Row]
Tables = dict[str, Table]


def keyed(rows: Iterable[Row], *columns: str) -> Table:
    """Rows by the values of their key columns; a key that comes twice is a mistake."""
    table: Table = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        assert key not in table, f"two rows for {key}"
        table[key] = row
    return table


def moment(seconds: int | None) -> datetime | None:
    """Unix seconds as an aware datetime in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
