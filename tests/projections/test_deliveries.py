"""Deliveries: what became of each, by the newest word."""

from ledger.aggregates.bookkeeping import BatchKept, Entry, Outcome
from projections.deliveries import Delivery
from tests.projections.given import BOOKS, JAN_1, given, rows


def entry(event_id: str, outcome: Outcome, reason: str | None = None) -> Entry:
    stream = f"delivery/stripe/live//{event_id}"
    return Entry(stream, event_id, "invoice.paid", "", JAN_1, JAN_1, outcome, reason)


def test_every_delivery_of_a_batch_has_a_row() -> None:
    kept = (entry("evt_1", "applied"), entry("evt_2", "ignored", "no such type"))

    events = given(BOOKS, BatchKept(entries=kept, inbox_position=2))

    assert rows("deliveries", *events) == [
        Delivery(
            "delivery/stripe/live//evt_1",
            "evt_1",
            "invoice.paid",
            "",
            JAN_1,
            JAN_1,
            "applied",
            None,
        ),
        Delivery(
            "delivery/stripe/live//evt_2",
            *("evt_2", "invoice.paid", "", JAN_1, JAN_1, "ignored", "no such type"),
        ),
    ]


def test_a_retried_delivery_shows_its_newest_outcome() -> None:
    refused = BatchKept(entries=(entry("evt_1", "refused", "odd"),), inbox_position=1)
    applied = BatchKept(entries=(entry("evt_1", "applied"),), inbox_position=1)

    (row,) = rows("deliveries", *given(BOOKS, refused, applied))
    assert isinstance(row, Delivery)
    assert (row.outcome, row.reason) == ("applied", None)
