"""The SQL of a projection's table: one declaration of a row gives every statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Composed, Identifier

from projections.projection import Projection
from projections.rows import Column


@dataclass(frozen=True)
class Statements:
    """Ready-made texts; keys and rows are one parameter, a JSON list of objects by column name."""

    load: bytes
    upsert: bytes
    delete: bytes
    scan: bytes
    copy: bytes


def statements(table: Composable, projection: Projection) -> Statements:
    """What is done with `table` batch by batch, or as a whole."""
    parts = _parts(table, projection)
    texts = (each.format(**parts).as_bytes() for each in (_LOAD, _UPSERT, _DELETE, _SCAN, _COPY))
    return Statements(*texts)


def definitions(table: Composable, projection: Projection) -> Composed:
    """The statement that makes the empty table, without its indexes."""
    columns = [
        SQL("{} {}").format(Identifier(each.name), _definition(projection, each))
        for each in projection.columns
    ]
    return SQL("CREATE TABLE {} ({})").format(table, SQL(", ").join(columns))


def indexes(table: Composable, projection: Projection) -> list[Composed]:
    """The statements that make the primary key, and what rows are looked up by."""
    primary = SQL("ALTER TABLE {} ADD PRIMARY KEY ({})")
    others = SQL("CREATE INDEX ON {} ({})")
    lowered = SQL("CREATE INDEX ON {} (lower({}))")
    return [
        primary.format(table, _list(projection.key)),
        *(others.format(table, _list(names)) for names in projection.indexes),
        *(lowered.format(table, Identifier(name)) for name in projection.in_any_case),
        SQL("ANALYZE {}").format(table),
    ]


_LOAD = SQL("SELECT {columns} FROM {table} JOIN {keys} USING ({key})")
_DELETE = SQL("DELETE FROM {table} USING {keys} WHERE {same_key}")
_UPSERT = SQL(
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM {records}"
    " ON CONFLICT ({key}) DO UPDATE SET {changes}"
)
_SCAN = SQL("SELECT {columns} FROM {table} ORDER BY {key}")
_COPY = SQL("COPY {table} ({columns}) FROM STDIN WITH (FORMAT binary, FREEZE)")
_RECORDS = SQL("json_to_recordset(%s::json) AS {alias} ({definitions})")


def _parts(table: Composable, projection: Projection) -> dict[str, Composable]:
    key = [each for each in projection.columns if each.name in projection.key]
    values = [each for each in projection.columns if each.name not in projection.key]
    return {
        "table": table,
        "columns": _list([each.name for each in projection.columns]),
        "key": _list(projection.key),
        "keys": _records("keys", key),
        "records": _records("records", projection.columns),
        "same_key": SQL(" AND ").join(
            SQL("{0}.{2} = {1}.{2}").format(table, SQL("keys"), Identifier(each.name))
            for each in key
        ),
        "changes": SQL(", ").join(
            SQL("{0} = excluded.{0}").format(Identifier(each.name)) for each in values
        ),
    }


def _list(names: Iterable[str]) -> Composed:
    return SQL(", ").join(map(Identifier, names))


def _records(alias: str, columns: Iterable[Column]) -> Composed:
    definitions = [
        SQL("{} {}").format(Identifier(each.name), SQL(each.sql_type)) for each in columns
    ]
    return _RECORDS.format(alias=Identifier(alias), definitions=SQL(", ").join(definitions))


def _definition(projection: Projection, column: Column) -> Composable:
    """Ids sort by their bytes: as keys do in Python, and several times as fast as words would."""
    if column.sql_type == "text" and column.name in projection.looked_up_by:
        null = SQL("") if column.nullable else SQL(" NOT NULL")
        return SQL('text COLLATE "C"{}').format(null)
    return column.definition
