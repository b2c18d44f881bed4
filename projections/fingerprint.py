"""One hash over all rows in canonical form: two orders, servers or releases compare in one line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from psycopg import Connection, IsolationLevel

from ledger.store.names import Names
from projections.engine import Rows
from projections.generations import Generations
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.rows import Row
from projections.schema import connect
from projections.tables import Table

_encode = msgspec.json.Encoder().encode


def fingerprint(rows: Mapping[str, Rows], projections: Sequence[Projection] = PROJECTIONS) -> str:
    """The fingerprint of rows in memory, by table and key; 64 hexadecimal digits."""
    return _hash((each, _in_order(rows[each.name])) for each in projections)


def stored_fingerprint(
    connection: Connection[Any], names: Names, projections: Sequence[Projection] = PROJECTIONS
) -> str:
    """The fingerprint of the current tables, all at one moment.

    The caller's transaction has to be REPEATABLE READ.
    """
    schema = names.projections
    number = Generations(schema).current(connection).number
    return _hash((each, Table(schema, each, number).scan(connection)) for each in projections)


def current_fingerprint(url: str, names: Names) -> tuple[int, str]:
    """The position of the current tables and their fingerprint, of one moment."""
    with connect(url, names) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            position = Generations(names.projections).current(connection).position
            return position, stored_fingerprint(connection, names)


def _hash(tables: Iterable[tuple[Projection, Iterable[Row]]]) -> str:
    """Rows in the order of their keys, without what the order of arrival decides."""
    digest = hashlib.sha256()
    for projection, rows in tables:
        names = [
            each.name for each in projection.columns if each.name not in projection.arrival_decides
        ]
        if names:
            digest.update(_encode([projection.name, names]) + b"\n")
            values_of = attrgetter(*names)
            for row in rows:
                digest.update(_encode(values_of(row)) + b"\n")
    return digest.hexdigest()


def _in_order(rows: Rows) -> Iterable[Row]:
    return (rows[key] for key in sorted(rows))
