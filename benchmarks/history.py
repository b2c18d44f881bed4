"""A history to measure on: simulated years, worked off by the real bookkeeper and projector."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from benchmarks.requests import START
from benchmarks.sql import count
from ledger.assembly import bookkeeper
from ledger.delivery import Delivery
from ledger.providers.stripe.receiver import envelope
from ledger.providers.stripe.signature import HEADER
from ledger.settings import Settings
from projections import schema
from projections.projector import Projector
from web.sandbox.year import simulate

COPY = """
COPY billing_inbox.events (originator_id, originator_version, topic, state)
FROM STDIN WITH (FORMAT binary)"""
TYPES = ["text", "bigint", "text", "bytea"]


def make_history(url: str, populations: int, customers: int) -> int:
    """Populations that live a year each, one after the other; returns how many domain events.

    Only the HTTP request is left out: the deliveries are copied into the Inbox.
    """
    settings = Settings.from_environment({"BILLING_MODE": "test"})
    schema.migrate(url, settings.names)
    books, tables = bookkeeper(settings, url), Projector(url, settings.names)
    for seed in range(1, populations + 1):
        _deliver(url, seed, customers)
        books.run_until_idle()
        tables.run_until_idle()
    tables.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        return count(connection, "billing_ledger.events")


def _deliver(url: str, seed: int, customers: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor().copy(COPY) as copy:
        copy.set_types(TYPES)
        for each in _deliveries(seed, customers):
            copy.write_row([each.originator_id, 1, Delivery.TOPIC, each.to_state()])


def _deliveries(seed: int, customers: int) -> Iterator[Delivery]:
    now = datetime.now(UTC)
    for body in simulate(seed, customers, START).bodies():
        yield Delivery(envelope(body), now, {HEADER: "t=1,v1=0"}, body)
