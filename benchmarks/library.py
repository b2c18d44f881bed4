"""The library's own ProjectionRunner over the same folds and tables: a transaction an event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, cast

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection as LibraryProjection
from eventsourcing.projection import ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row, tuple_row
from psycopg.sql import SQL

from benchmarks.folding import Run, peak_bytes
from ledger.application import EventMapper
from ledger.event import Event
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.engine import fold_until
from projections.fingerprint import current_fingerprint, fingerprint
from projections.projection import Fold, Many, Projection
from projections.registry import PROJECTIONS
from projections.tables import Table, tables

PATIENCE_SECONDS = 600.0
FOLDS: dict[type[Event], list[tuple[Projection, Fold | Many]]] = {}
for _projection in PROJECTIONS:
    for _event, _fold in _projection.folds.items():
        FOLDS.setdefault(_event, []).append((_projection, _fold))


class LibraryLedger(Application[str]):
    """The library's recorder as it comes; our mapper, which is quicker than its own."""

    name = "library_ledger"

    def construct_mapper(self) -> Mapper[str]:
        return cast("Mapper[str]", EventMapper())


class Tables(PostgresTrackingRecorder):
    """The first generation of our tables, with the library's tracking of the position."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._tables = tables(Names.projections, PROJECTIONS, 1)

    def keep(self, event: Event, tracking: Tracking) -> None:
        """Every row the event touches, and the position, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            with _tuples(cursor.connection) as connection:
                for projection, fold in FOLDS.get(type(event), ()):
                    _change(connection, self._tables[projection.name], fold, event)
            self._insert_tracking(cursor, tracking)


class Runner(LibraryProjection[Tables]):
    """Hands every event to the tables."""

    name = "library_tables"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.keep(domain_event, tracking)


def run(url: str) -> Run:
    """From an empty start until every event of the ledger is in the tables."""
    environment = _environment(url)
    _reset(url, environment)
    start = perf_counter()
    with ProjectionRunner(
        application_class=LibraryLedger,
        projection_class=Runner,
        view_class=Tables,
        env=environment,
    ) as runner:
        runner.wait(runner.app.recorder.max_notification_id(), PATIENCE_SECONDS)
        seconds = perf_counter() - start
    _prove(url)
    return Run(seconds, 0.0, peak_bytes())


def _change(
    connection: psycopg.Connection[Any], table: Table, fold: Fold | Many, event: Event
) -> None:
    parts = fold.parts(event) if isinstance(fold, Many) else [(event.originator_id, None)]
    for key, part in parts:
        row = table.rows_by_key(table.load(connection, [key])).get(key)
        after = fold.fold(row, event, part) if isinstance(fold, Many) else fold(row, event)
        if after is None:
            table.delete(connection, [key])
        elif after != row:
            table.upsert(connection, [after])


@contextmanager
def _tuples(connection: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Our tables read tuples, the library dictionaries."""
    connection.row_factory = tuple_row
    try:
        yield connection
    finally:
        connection.row_factory = dict_row


def _environment(url: str) -> dict[str, str]:
    parts = conninfo_to_dict(url)
    names = ("dbname", "host", "port", "user", "password")
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_SCHEMA": "public",
        "ORIGINATOR_ID_TYPE": "text",
        **{f"POSTGRES_{name.upper()}": str(parts[name]) for name in names},
    }


def _reset(url: str, environment: dict[str, str]) -> None:
    """The events are where the library looks for them, and the tables are empty."""
    LibraryLedger(environment).close()
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS public.library_tables_tracking")
        connection.execute("TRUNCATE public.library_ledger_events")
        connection.execute(
            "INSERT INTO public.library_ledger_events SELECT * FROM billing_ledger.events"
            " ORDER BY notification_id"
        )
        for table in tables(Names.projections, PROJECTIONS, 1).values():
            connection.execute(SQL("TRUNCATE {}").format(table.identifier))


def _prove(url: str) -> None:
    reader = LogReader(url, Names.ledger)
    expected = fingerprint(fold_until(reader, PROJECTIONS))
    reader.close()
    assert current_fingerprint(url, Names())[1] == expected, "the library's tables differ"
