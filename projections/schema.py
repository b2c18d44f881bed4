"""Makes the tables and what finance sees of them, and lets readers move from one set to another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from time import sleep
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.errors import DeadlockDetected, LockNotAvailable
from psycopg.sql import SQL

from ledger.store.connection import conninfo, session
from ledger.store.names import Names, lock_key
from projections.generations import Generation, Generations, shape
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.tables import tables
from projections.views import create_views

LONGEST_STATEMENT_SECONDS = 3600.0  # a COPY of all rows, or an index over them
VIEWS_LOCK = lock_key("billing projections")
"""Held by whoever lets the views show a generation, so that nobody shows one of yesterday."""
_PAUSE_SECONDS = 0.2

Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


def migrate(
    url: str,
    names: Names = Names(),  # noqa: B008 - frozen, so safe to share
    projections: Sequence[Projection] = PROJECTIONS,
) -> bool:
    """Make the first generation of tables and the views; any number of processes may do so at once.

    The ledger's own migration has to come first. False when the tables there are have other
    columns than this release writes: they stay readable as they are until `billing rebuild`.
    """
    with connect(url, names) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [VIEWS_LOCK])
        generation = _current(connection, names, projections)
        fits = generation.shape == shape(projections)
        if fits:
            show(connection, names, projections, generation.number)
    return fits


def connect(url: str, names: Names) -> Connection[Any]:
    """A connection that owns the tables, for work that may take long."""
    settings = {
        **session(names.writer, LONGEST_STATEMENT_SECONDS),
        "timezone": "UTC",
        "client_min_messages": "warning",
    }
    connection = psycopg.connect(conninfo(url, settings), autocommit=True)
    # The store has ready-made text[] values of its own sent under this type: here they are lists.
    psycopg.adapters.types["text"].register(connection)
    return connection


def show(
    connection: Connection[Any], names: Names, projections: Sequence[Projection], number: int
) -> None:
    """Let finance see generation `number`."""

    def replace_views() -> None:
        create_views(connection, names, projections, number)

    without_stopping_readers(connection, replace_views)


def without_stopping_readers(connection: Connection[Any], work: Callable[[], Answer]) -> Answer:
    """Does `work` in one transaction that waits for a lock only as long as nobody minds.

    Replacing a view waits for whoever reads it, and makes everybody after that one wait as well:
    so give up quickly, let the others pass, and try again.
    """
    while True:
        try:
            with connection.transaction():
                connection.execute("SET LOCAL lock_timeout = '200ms'")
                return work()
        except (LockNotAvailable, DeadlockDetected) as busy:
            _log.info("the views are being read, trying again: %s", busy)
            sleep(_PAUSE_SECONDS)


def create_tables(
    connection: Connection[Any],
    names: Names,
    projections: Sequence[Projection],
    generation: Generation,
) -> None:
    """Make the empty, indexed tables of a generation and list it, in the caller's transaction."""
    for table in tables(names.projections, projections, generation.number).values():
        table.create(connection)
        table.create_indexes(connection)
    Generations(names.projections).add(connection, generation)


def drop_tables(connection: Connection[Any], names: Names, number: int) -> None:
    """Take a generation away with all its tables, whatever release made them."""
    generations = Generations(names.projections)
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '1s'")
        for table in generations.tables(connection, number):
            connection.execute(SQL("DROP TABLE {}").format(table))
        generations.remove(connection, number)


def _current(
    connection: Connection[Any], names: Names, projections: Sequence[Projection]
) -> Generation:
    generations = Generations(names.projections)
    with connection.transaction():
        generations.create(connection)
        if not generations.all(connection):
            first = Generation(1, 0, True, shape(projections))
            create_tables(connection, names, projections, first)
        return generations.current(connection)
