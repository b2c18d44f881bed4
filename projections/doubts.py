"""Rows in doubt: their reports cannot be put in order, or contradict each other."""

from __future__ import annotations

from psycopg.sql import NULL, SQL, Composable, Composed, Identifier, Literal

from projections.projection import Projection
from projections.registry import PROJECTIONS

_OF_VIEW = SQL(
    "SELECT {name} AS view, {id} AS id, account, {conflict} AS conflict"
    " FROM {schema}.{view} WHERE {doubt}"
)


def rows_in_doubt(schema: Identifier) -> Composed:
    """A query over all views that mark such rows: view, id, account, and the conflict if any."""
    marked = [each for each in PROJECTIONS if "ambiguous" in _names(each)]
    return SQL(" UNION ALL ").join(_in_doubt(each, schema) for each in marked)


def _in_doubt(projection: Projection, schema: Identifier) -> Composed:
    """A view's first column is its rows' id."""
    conflict: Composable = NULL
    doubt = SQL("ambiguous")
    if "conflict" in _names(projection):
        conflict = Identifier("conflict")
        doubt = SQL("ambiguous OR conflict IS NOT NULL")
    return _OF_VIEW.format(
        name=Literal(projection.name),
        id=Identifier(_names(projection)[0]),
        conflict=conflict,
        schema=schema,
        view=Identifier(projection.name),
        doubt=doubt,
    )


def _names(projection: Projection) -> list[str]:
    return [each.name for each in projection.public]
