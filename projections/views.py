"""What finance sees: commented views over the current generation, and how fresh they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection
from psycopg.errors import InvalidTableDefinition
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from ledger.store.names import Names
from projections.freshness import View, freshness
from projections.projection import Projection
from projections.tables import Table


def create_views(
    connection: Connection[Any], names: Names, projections: Sequence[Projection], number: int
) -> None:
    """Let the views show generation `number`, in the caller's transaction.

    A view whose columns only grew is replaced; one that lost or changed a column is made anew.
    """
    for projection in projections:
        table = Table(names.projections, projection, number)
        _create(connection, names, table_view(projection, table.identifier))
    _create(connection, names, freshness(names))


def table_view(projection: Projection, table: Composable) -> View:
    """The view of one table: its public columns, then the computed ones."""
    stored = [Identifier(each.name) for each in projection.public]
    computed = [
        SQL("{} AS {}").format(SQL(each.expression), Identifier(each.name))
        for each in projection.computed
    ]
    query = SQL("SELECT {} FROM {} WHERE {}").format(
        SQL(", ").join([*stored, *computed]), table, SQL(projection.shown)
    )
    comments = {each.name: each.comment for each in projection.public}
    comments |= {each.name: each.comment for each in projection.computed}
    return View(projection.name, projection.comment, query, comments)


def _create(connection: Connection[Any], names: Names, view: View) -> None:
    identifier = SQL("{}.{}").format(Identifier(names.finance), Identifier(view.name))
    _replace(connection, identifier, view)
    for statement in _comments(identifier, view):
        connection.execute(statement)
    connection.execute(SQL("GRANT SELECT ON {} TO {}").format(identifier, Identifier(names.reader)))


def _replace(connection: Connection[Any], identifier: Composed, view: View) -> None:
    create = SQL("CREATE OR REPLACE VIEW {} AS {}").format(identifier, view.query)
    try:
        with connection.transaction():
            connection.execute(create)
    except InvalidTableDefinition:  # PostgreSQL replaces a view only by one with more columns
        connection.execute(SQL("DROP VIEW {}").format(identifier))
        connection.execute(create)


def _comments(identifier: Composed, view: View) -> Iterator[Composed]:
    yield SQL("COMMENT ON VIEW {} IS {}").format(identifier, Literal(view.comment))
    for column, comment in view.comments.items():
        yield SQL("COMMENT ON COLUMN {}.{} IS {}").format(
            identifier, Identifier(column), Literal(comment)
        )
