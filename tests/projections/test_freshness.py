"""Freshness: how old the tables are, whichever worker has stopped."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.application import Inbox
from ledger.delivery import Delivery, Envelope
from ledger.event import Cause
from projections.queries import Queries
from tests.projections.given import JAN_1, WALLET
from tests.projections.ledger import NAMES, append, project

HOUR = timedelta(hours=1)


def freshness(url: str) -> dict[str, Any]:
    queries = Queries(url, NAMES)
    found = queries.freshness()
    queries.close()
    return found


def receive(url: str, number: int, at: datetime) -> None:
    """Keep a delivery nobody works off."""
    inbox = Inbox(url, NAMES, pool_size=1)
    envelope = Envelope("stripe", f"evt_{number}", "invoice.paid", JAN_1, True)
    inbox.receive(Delivery(envelope, at, {}, b'{"body":\n "of\\u0000 any shape"}\n'))
    inbox.close()


def record(url: str, version: int, at: datetime) -> None:
    """Keep an event nobody has projected."""
    event = Spent(key=f"k{version}", credits=1, totals=Totals(9, version))
    append(url, [event.stamped(WALLET, version, Cause("c", JAN_1, at))])


def test_tables_with_nothing_to_wait_for_are_as_of_now(tables_url: str) -> None:
    before = datetime.now(UTC)
    record(tables_url, 1, JAN_1)
    project(tables_url)

    found = freshness(tables_url)

    assert found["as_of"] >= before
    assert (found["lag_events"], found["waiting_deliveries"], found["lag_seconds"]) == (0, 0, 0)
    assert found["position"] == found["head"]


def test_events_not_projected_say_since_when(tables_url: str) -> None:
    record(tables_url, 1, JAN_1)
    project(tables_url)
    record(tables_url, 2, JAN_1 + HOUR)
    record(tables_url, 3, JAN_1 + 2 * HOUR)

    found = freshness(tables_url)

    assert found["as_of"] == found["lagging_since"] == JAN_1 + HOUR
    assert found["lag_events"] == 2
    assert found["lag_seconds"] > 0


def test_deliveries_not_worked_off_say_since_when(tables_url: str) -> None:
    receive(tables_url, 1, JAN_1 + HOUR)
    receive(tables_url, 2, JAN_1 + 2 * HOUR)

    found = freshness(tables_url)

    assert found["as_of"] == found["waiting_since"] == JAN_1 + HOUR
    assert (found["waiting_deliveries"], found["lag_events"]) == (2, 0)


def test_the_oldest_of_all_that_waits_counts(tables_url: str) -> None:
    receive(tables_url, 1, JAN_1 + HOUR)
    record(tables_url, 1, JAN_1)

    assert freshness(tables_url)["as_of"] == JAN_1
