"""Whatever payload comes: refusals at worst, rows that can be stored, and no order that matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from random import Random
from typing import Any

from psycopg import Connection

from ledger.application import Inbox
from ledger.assembly import OBSERVERS, bookkeeper
from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.policy import Policy
from ledger.providers.stripe.receiver import envelope
from ledger.settings import Settings
from projections.engine import Rows
from projections.registry import PROJECTIONS
from projections.schema import connect, migrate
from projections.tables import tables
from replay.memory import MemoryLedger
from replay.torture import contrasts, remembering
from tests.fuzz.mutator import LINKS, Mutator
from tests.projections.ledger import NAMES, project, stored

NOW = datetime(2027, 1, 1, tzinfo=UTC)
RULES = Rules(OBSERVERS, Policy(), livemode=False)
TOLD_TO_ONE = 500  # many enough that they meet, few enough that a failure is soon looked through
AT_THE_STORE = 2_000
FAULT = "keeping this delivery failed with"


def test_whatever_comes_is_worked_off_and_can_be_stored(
    inputs: int, mutator: Mutator, database_url: str
) -> None:
    outcomes: Counter[str] = Counter()
    migrate(database_url)
    with connect(database_url, NAMES) as connection:
        for chunk in chunks(mutator, inputs, kept=frozenset()):
            ledger = worked_off(chunk)
            assert_storable(connection, ledger.rows)
            outcomes += ledger.outcomes

    assert outcomes.total() == inputs
    assert min(outcomes[each] for each in ("applied", "unchanged", "ignored", "refused")) > 0


def test_whatever_comes_of_the_same_objects_ends_alike_in_any_order(
    inputs: int, mutator: Mutator
) -> None:
    for chunk in chunks(mutator, inputs, kept=LINKS):
        ledger, other = worked_off(chunk), worked_off(shuffled(chunk))
        if other.fingerprint != ledger.fingerprint:
            raise AssertionError(list(contrasts(ledger.rows, other.rows))[:3])


def test_the_running_ledger_does_the_same(inputs: int, mutator: Mutator, database_url: str) -> None:
    migrate(database_url)
    deliveries = [delivered(mutator.event()) for _ in range(min(inputs, AT_THE_STORE))]
    with Inbox(database_url, NAMES, pool_size=1) as inbox:
        for each in deliveries:
            assert inbox.receive(each)
    settings = Settings.from_environment({"DATABASE_URL": database_url})
    with closing(bookkeeper(settings, database_url)) as books:
        assert books.run_until_idle() == len(deliveries)
    project(database_url)

    found, rows = stored(database_url), worked_off(deliveries).rows
    assert len(found.pop("deliveries")) == len(deliveries)
    assert found == {name: table for name, table in rows.items() if name != "deliveries"}


def chunks(mutator: Mutator, inputs: int, kept: frozenset[str]) -> Iterator[list[Delivery]]:
    """So many deliveries, some hundred at a time."""
    for start in range(0, inputs, TOLD_TO_ONE):
        size = min(TOLD_TO_ONE, inputs - start)
        yield [delivered(mutator.event(kept)) for _ in range(size)]


def delivered(body: bytes) -> Delivery:
    return Delivery(envelope(body), NOW, {}, body)


def worked_off(chunk: Sequence[Delivery]) -> MemoryLedger:
    """A ledger that has met no fault of ours."""
    ledger = MemoryLedger(remembering(RULES))
    for start in range(0, len(chunk), 50):
        batch = chunk[start : start + 50]
        for delivery, entry in zip(batch, ledger.keep(batch, NOW), strict=True):
            assert FAULT not in (entry.reason or ""), (entry.reason, delivery.body)
            assert (entry.reason is not None) or entry.outcome in ("applied", "unchanged")
    return ledger


def shuffled(chunk: list[Delivery]) -> list[Delivery]:
    return Random("any").sample(chunk, k=len(chunk))


def assert_storable(connection: Connection[Any], rows: Mapping[str, Rows]) -> None:
    """PostgreSQL takes the rows as the projector writes them, and gives them back as they were."""
    with connection.transaction(force_rollback=True):
        for name, table in tables(NAMES.projections, PROJECTIONS, 1).items():
            table.upsert(connection, rows[name].values())
            read = table.rows_by_key(table.load(connection, rows[name]))
            assert read == rows[name]
