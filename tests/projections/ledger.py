"""A real Ledger to fold from, written to without a bookkeeper."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from ledger.application import Ledger
from ledger.event import Event
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.engine import Rows
from projections.generations import Generations
from projections.projector import Projector
from projections.registry import PROJECTIONS
from projections.schema import connect
from projections.tables import tables

NAMES = Names()


def append(url: str, events: Sequence[Event]) -> None:
    """Store events in the Ledger."""
    ledger = Ledger(url, NAMES, pool_size=1)
    ledger.append(events)
    ledger.close()


def project(url: str) -> int:
    """Fold all there is into the current tables; returns how many events that were."""
    projector = Projector(url, NAMES)
    done = projector.run_until_idle()
    projector.close()
    return done


def stored(url: str, number: int | None = None) -> dict[str, Rows]:
    """All rows of a generation, the current one by default, by table and key."""
    with connect(url, NAMES) as connection, connection.transaction():
        number = number or Generations(NAMES.projections).current(connection).number
        found = tables(NAMES.projections, PROJECTIONS, number)
        return {
            name: {_key(table.projection.key, row): row for row in table.scan(connection)}
            for name, table in found.items()
        }


@contextmanager
def reading(url: str) -> Iterator[LogReader]:
    """A reader of the Ledger."""
    reader = LogReader(url, NAMES.ledger)
    yield reader
    reader.close()


@contextmanager
def finance(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that may do what finance may."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE billing_finance")
        yield connection


def _key(names: tuple[str, ...], row: object) -> object:
    values = tuple(getattr(row, name) for name in names)
    return values if len(values) > 1 else values[0]
